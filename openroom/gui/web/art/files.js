// Which pictures there are: authors may draw SVG files or put photographs beside their definitions (docs/art.md).
const KINDS = ["svg", "webp", "png", "jpg", "jpeg"];
const lists = new Map();

/** The names of the files in an art folder (`/art/props/lamp`); none where it can't be asked. */
export function filesIn(folder) {
  if (!lists.has(folder)) {
    const asked = fetch(folder).then((answer) => (answer.ok ? answer.json() : {})).then(({ files }) => files ?? []).catch(() => []);
    lists.set(folder, asked);
  }
  return lists.get(folder);
}

/** Ask for a folder's files anew when they are wanted next. */
export function forget(folder) {
  lists.delete(folder);
}

/** The file called `base`, of the first kind that is there; empty where there is none. */
export function fileOf(files, base) {
  const kind = KINDS.find((one) => files.includes(`${base}.${one}`));
  return kind ? `${base}.${kind}` : "";
}

/** Of `portrait.png`, `portrait_happy.webp` and so on: the best file for each word behind the name, "" for none. */
export function wordsOf(files, base) {
  const words = new Set(files.map((file) => file.match(new RegExp(`^${base}(?:_([A-Za-z0-9_-]+))?\\.(?:${KINDS.join("|")})$`))).filter(Boolean).map((found) => found[1] ?? ""));
  return Object.fromEntries([...words].map((word) => [word, fileOf(files, word ? `${base}_${word}` : base)]));
}
