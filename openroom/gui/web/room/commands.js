// What a line that begins with "/" asks for: one table of commands, the one place that reads them, and what completes
// them. The room knows none of it: what comes out is a typed action of the protocol, a line to say, or a panel to show.
import { t } from "../shared/i18n.js";
import { here, runs } from "./room_model.js";
import { lastReply } from "./ways.js";

/** How far a name may be from the one that was meant. */
const NEAR = 2;
const MOST_OFFERED = 12;
/** So many letters has the name of a moment or a branch at most. */
const MOST_NAMED = 40;
const PARTS = /^\/([^\s/]*)(?:\s+([\s\S]*))?$/;

const muted = (room, who) => Boolean(room.shared.run?.muted?.[who]);
const free = (room) => here(room, "character").filter((one) => !muted(room, one.id));

/**
 * The commands. `about` is the key of its line in the help; `who` (of a room) gives those whose names complete it;
 * `mine` marks what only who runs the room may. `read` gets what stands behind the name and the room, and gives
 * { say }, { act } (an action), { show } (a panel) or { trouble } (why not).
 */
export const COMMANDS = [
  { name: "me", about: "command.me", takes: true, read: (rest) => (rest ? { say: done(rest) } : { trouble: t("command.missing") }) },
  { name: "roll", about: "command.roll", takes: true, read: (rest) => ({ act: { do: "roll", dice: rest || "d6" } }) },
  { name: "nudge", about: "command.nudge", takes: true, who: free, read: (rest, room) => named(rest, free(room), (character) => ({ do: "nudge", character }), longestSilent(room)), may: (room) => runs(room) || room.shared.run?.nudge !== "owner" },
  { name: "as", about: "command.as", takes: true, speaks: true, who: voices, may: (room) => voices(room).length > 0, read: spokenAs },
  { name: "note", about: "command.note", takes: true, may: runs, read: (rest) => ({ act: { do: "note", text: rest } }) },
  { name: "mute", about: "command.mute", takes: true, may: runs, who: free, read: (rest, room) => named(rest, free(room), (character) => ({ do: "mute", character })) },
  { name: "unmute", about: "command.unmute", takes: true, may: runs, who: silent, read: (rest, room) => named(rest, silent(room), (character) => ({ do: "mute", character, on: false })) },
  { name: "retry", about: "command.retry", takes: true, read: (wish, room) => again(room, wish) },
  { name: "undo", about: "command.undo", read: (_rest, room) => undone(room) },
  { name: "save", about: "command.save", takes: true, read: (name) => called(name, "command.save_what", { do: "save", name }) },
  { name: "branch", about: "command.branch", takes: true, read: (name) => called(name, "command.branch_what", { do: "branch", name }) },
  { name: "branches", about: "command.branches", read: () => ({ show: "branches" }) },
  { name: "help", about: "command.help", read: () => ({ show: "help" }) },
];

function silent(room) {
  return here(room, "character").filter((one) => muted(room, one.id));
}

/** Whom one may speak as: one's own personas, and who runs the room its characters. */
function voices(room) {
  const mine = room.personas.map((one) => ({ id: one.id, name: one.name, as: { persona: one.id } }));
  const played = runs(room) ? here(room, "character").map((one) => ({ id: one.id, name: one.name, as: { play: one.id } })) : [];
  return [...mine, ...played];
}

/** What stands behind /as: who speaks, by name or how it begins, and the line. */
function spokenAs(rest, room) {
  const whom = voices(room);
  const names = whom.map((one) => one.name).join(", ");
  const line = rest.replace(/^@/, "");
  const whole = whom.filter((one) => isCalled(line, one.name)).sort((a, b) => b.name.length - a.name.length)[0];
  const [word = ""] = line.split(/\s/, 1);
  const begun = whom.filter((one) => begins(one.name, word.toLowerCase()));
  const found = whole ?? (word && begun.length === 1 ? begun[0] : null);
  if (!found) return { trouble: word ? t("command.nobody", { name: word, names }) : t("command.whom", { names }) };
  const said = line.slice(whole ? whole.name.length : word.length).trim();
  return said ? { say: said, as: found.as } : { trouble: t("command.as_what", { name: found.name }) };
}

/** Whether a line begins with a name. */
function isCalled(line, name) {
  return line.toLowerCase().startsWith(name.toLowerCase()) && /^(\s|$)/.test(line.slice(name.length));
}

/** Another try at the last reply, as one wishes it. */
function again(room, wish) {
  const last = lastReply(room);
  return last ? { act: { do: "retry", seq: last.seq, ...(wish ? { wish: wish.slice(0, 200) } : {}) } } : { trouble: t("command.no_reply") };
}

/** An act that gives a name; `what` is the key of the question where there is none. */
function called(name, what, act) {
  const n = [...name].length;
  if (!n) return { trouble: t(what) };
  return n > MOST_NAMED ? { trouble: t("command.name_long", { most: MOST_NAMED, n }) } : { act };
}

/** What one did last is taken back: a step of the story, else the last line of one's own. */
function undone(room) {
  if (room.undo) return { act: room.undo };
  const mine = room.log.findLast((event) => event.kind === "said" && event.actor === room.you);
  return mine ? { act: { do: "delete", seq: mine.seq } } : { trouble: t("command.no_line") };
}

/** What is done, as it is said: between stars, which it has none of its own of. */
function done(text) {
  return `*${text.replaceAll("*", "").replace(/\s+/g, " ").trim()}*`;
}

/** The commands that this person may give here. */
export function commandsFor(room) {
  return COMMANDS.filter((one) => !one.may || one.may(room));
}

/** What a written line asks for: { say } (with `as`, who speaks it), { act }, { show } or { trouble }. */
export function read(line, room) {
  if (!line.startsWith("/")) return { say: line };
  if (line.startsWith("//")) return { say: line.slice(1) };
  const [, name = "", rest = ""] = PARTS.exec(line) ?? [null, line.slice(1).split(/[\s/]/, 1)[0]];
  if (!name) return { show: "help" };
  const command = COMMANDS.find((one) => one.name === name.toLowerCase());
  return command ? command.read(rest.trim(), room) : { trouble: unknown(name, room) };
}

/** Why what is being written is no command, as soon as its name is complete; empty while it may become one. */
export function troubleWith(text, room) {
  const name = /^\/([^\s/]+)\s/.exec(text)?.[1];
  return name && !COMMANDS.some((one) => one.name === name.toLowerCase()) ? unknown(name, room) : "";
}

/** A line as it has to be written to be said. */
export function escaped(line) {
  return line.startsWith("/") ? `/${line}` : line;
}

/** How the line may go on: [{ text (of the whole line), label, about }]; none where it is no command. */
export function offers(text, room) {
  if (!text.startsWith("/") || text.startsWith("//") || text.includes("\n")) return [];
  const [, name = "", rest] = PARTS.exec(text) ?? [];
  const wanted = name.toLowerCase();
  if (rest === undefined && !/\s$/.test(text)) {
    return commandsFor(room).filter((one) => one.name.startsWith(wanted)).map((one) => ({ text: `/${one.name}${one.takes ? " " : ""}`, label: `/${one.name}`, about: t(one.about) }));
  }
  const whom = commandsFor(room).find((one) => one.name === wanted)?.who?.(room) ?? [];
  const begun = (rest ?? "").trim().toLowerCase();
  if (whom.some((one) => one.name.toLowerCase() === begun)) return [];
  const speaks = COMMANDS.some((one) => one.name === wanted && one.speaks);
  return whom.filter((one) => begins(one.name, begun)).slice(0, MOST_OFFERED).map((one) => ({ text: `/${wanted} ${one.name}${speaks ? " " : ""}`, label: one.name, about: "" }));
}

/** Whether a name, or one of its parts, begins so. */
function begins(name, begun) {
  const whole = name.toLowerCase();
  return whole.startsWith(begun) || whole.split(/\s+/).some((part) => part.startsWith(begun));
}

/** An action about whoever of `whom` is named; nobody named means `otherwise`, or the only one there is. */
function named(name, whom, action, otherwise = whom.length === 1 ? whom[0] : null) {
  const names = whom.map((one) => one.name).join(", ");
  if (!name) return otherwise ? { act: action(otherwise.id) } : { trouble: t("command.whom", { names }) };
  const called = name.replace(/^@/, "").toLowerCase();
  const exact = whom.filter((one) => one.name.toLowerCase() === called);
  const found = exact.length ? exact : whom.filter((one) => begins(one.name, called));
  return found.length === 1 ? { act: action(found[0].id) } : { trouble: t("command.nobody", { name, names }) };
}

/** Of those who may speak the one who has said nothing for longest. */
function longestSilent(room) {
  const last = (who) => room.log.findLastIndex((event) => event.kind === "said" && event.actor === who);
  return free(room).sort((a, b) => last(a.id) - last(b.id))[0] ?? null;
}

function unknown(name, room) {
  const wanted = name.toLowerCase();
  const known = commandsFor(room).map((one) => one.name);
  const near = known.map((one) => [distance(wanted, one), one]).sort((a, b) => a[0] - b[0])[0];
  const found = known.find((one) => one.startsWith(wanted)) ?? (near[0] <= Math.min(NEAR, wanted.length - 1) ? near[1] : "");
  return found ? t("command.unknown_near", { name, near: found }) : t("command.unknown", { name });
}

/** How many letters have to be changed, added, left out or swapped to make one word of the other. */
export function distance(one, other) {
  const long = one.slice(0, 40);
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= long.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = long[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && long[i - 1] === other[j - 2] && long[i - 2] === other[j - 1]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[long.length][other.length];
}
