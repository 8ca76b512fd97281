// Which language a line is in, among those of the pages: a model answers people in theirs, and an English voice can't read
// German. Told by script, and by the commonest words; where neither says more, it is the character's own.
const COMMON = {
  en: "the and you is are to of it that not what with this have for but was your there here",
  de: "der die das und ist nicht du ich ein eine was mit sie wir auf den zu es sind hier noch",
  es: "el la los las que es no una un por y de en con está para se pero qué aquí más",
};
const WORDS = Object.fromEntries(Object.entries(COMMON).map(([tongue, words]) => [tongue, new Set(words.split(" "))]));
const KANA = /[\u3040-\u30ff]/;
const HAN = /[\u4e00-\u9fff]/;
const LATIN = /[A-Za-zÀ-ɏ]/;

export function primary(tag) {
  const first = tag.replaceAll("_", "-").split("-")[0].toLowerCase();
  return first === "cmn" ? "zh" : first;
}

/** The tag for a line: `own` where the line is in that language, else that of the language it is in. */
export function tongueOf(text, own) {
  const home = primary(own);
  const found = byScript(text, home) ?? byWords(text, home);
  return found === home ? own : found;
}

function byScript(text, home) {
  if (KANA.test(text)) return "ja";
  if (HAN.test(text)) return home === "ja" ? "ja" : "zh";
  return LATIN.test(text) ? null : home;
}

function byWords(text, home) {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (tongue) => words.filter((word) => WORDS[tongue]?.has(word)).length;
  const best = Object.keys(WORDS).reduce((a, b) => (count(b) > count(a) ? b : a));
  // Of a language whose words are not known here (French) a few look like those of another: there it takes more.
  const needed = WORDS[home] ? count(home) + 2 : Math.max(3, words.length * 0.4);
  return count(best) >= needed ? best : home;
}
