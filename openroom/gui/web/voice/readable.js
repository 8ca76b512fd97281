// From what a character says to what a voice reads: whole sentences, without stage notes, marks and little pictures.
import { partsOf } from "../shared/spoken.js";

/** Longer sentences are read in pieces: some browsers fall silent in the middle of a long utterance. */
const MOST = 220;
/** Round brackets within a sentence may be an aside (they stay); any others hold what is done, not said. */
const NOTE = /\[[^\]\n]*\]|（[^）\n]*）|【[^】\n]*】|(?<=(?:^|[.!?…]["'”’»]?)[^\S\n]*)\((?!\d)[^)\n]*\)(?=[^\S\n]|$)/gm;
const OPEN_NOTE = /(?:(?<![\w*])\*{1,2}(?=[^\s*])[^*\n]*|[[（【][^\]）】\n]*|(?<=(?:^|[.!?…]["'”’»]?)[^\S\n]*)\([^)\n]*)$/m;
const ENDS = /[.!?…。！？]["'”’»」』)]*\s*$/;
const PARTS = /[^.!?…。！？\n]+(?:[.!?…。！？]+["'”’»」』)]*|\n|$)\s*/g;
const WORDS = /[\p{L}\p{N}]/u;

/** How far a text that still grows can be read: up to a stage note that is not closed yet. */
export function readableTo(text) {
  const found = OPEN_NOTE.exec(text);
  return found && found.index + found[0].length === text.length ? found.index : text.length;
}

/** What is read of a line: `*she grins*` is not, `I *never* said so` is. */
export function aloud(line) {
  let said = "";
  for (const { text, how } of partsOf(line.replace(NOTE, ""))) {
    if (how !== "em" || isStressed(text, said)) said += text;
  }
  return said.replace(/\p{Extended_Pictographic}|[\uFE0F\u200D*_~`#]/gu, " ").replace(/[^\S\n]+/g, " ").trim();
}

/** One word in the middle of a sentence is said with stress; anything else between asterisks is done, not said. */
function isStressed(text, before) {
  return !/\s/.test(text) && before.trim() !== "" && !ENDS.test(before);
}

/** The sentences of a line, as far as there is something to read in them. */
export function sentencesOf(line, language) {
  const text = aloud(line);
  return segments(text, language).flatMap(pieces).map((one) => one.trim()).filter((one) => WORDS.test(one));
}

function segments(text, language) {
  if (!globalThis.Intl?.Segmenter) return text.match(PARTS) ?? [];
  try {
    return [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)].map(({ segment }) => segment);
  } catch {
    return text.match(PARTS) ?? []; // a language tag that this browser does not take
  }
}

function pieces(sentence) {
  if (sentence.length <= MOST) return [sentence];
  const head = sentence.slice(0, MOST);
  const at = Math.max(...[",", ";", ":", " – ", " — ", "，", "、", "；"].map((mark) => head.lastIndexOf(mark)));
  const end = at > MOST / 3 ? at + 1 : head.lastIndexOf(" ") > 0 ? head.lastIndexOf(" ") : MOST;
  return [sentence.slice(0, end), ...pieces(sentence.slice(end))];
}
