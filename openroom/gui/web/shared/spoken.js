// What somebody says, as people write it in role-play: *she grins* in italics, **now** strong, "speech" told from what is
// told around it. Text nodes only, never markup; a star or a quotation mark without its other one stays as it is.
import { h } from "vue";

const MARKS = /(?<![\w*])(\*{1,2})(?=[^\s*])([^*\n]+?)(?<=[^\s*])\1(?![\w*])/g;

/** What stands in quotation marks, in those of five languages; of straight ones, no inches. */
const QUOTES = /(?<![\p{L}\p{N}])"[^"\n]+"(?![\p{L}\p{N}])|„[^„“”\n]+[“”]|“[^“”\n]+”|«[^«»\n]+»|»[^«»\n]+«|「[^「」\n]+」|『[^『』\n]+』/gu;
const DEED = /^\*[^*\n]+\*$/;

/** The parts of a line: { text, how } with how "em", "strong" or "". */
export function partsOf(line) {
  const parts = [];
  let at = 0;
  for (const found of line.matchAll(MARKS)) {
    if (found.index > at) parts.push({ text: line.slice(at, found.index), how: "" });
    parts.push({ text: found[2], how: found[1].length === 1 ? "em" : "strong" });
    at = found.index + found[0].length;
  }
  if (at < line.length) parts.push({ text: line.slice(at), how: "" });
  return parts;
}

/** Whether all of a line is done, and nothing said. */
export function isDeed(line) {
  return DEED.test(line) && partsOf(line).length === 1;
}

/** The parts as they are drawn: { text, how, quoted }, quoted where they stand in quotation marks. */
export function drawn(line) {
  return partsOf(line).flatMap((part) => {
    const found = [];
    let at = 0;
    for (const quote of part.text.matchAll(QUOTES)) {
      if (quote.index > at) found.push({ ...part, text: part.text.slice(at, quote.index), quoted: false });
      found.push({ ...part, text: quote[0], quoted: true });
      at = quote.index + quote[0].length;
    }
    if (at < part.text.length) found.push({ ...part, text: part.text.slice(at), quoted: false });
    return found;
  });
}

/** The line without its marks, for who hears it. */
export function bare(line) {
  return partsOf(line).map((part) => part.text).join("");
}

export const Spoken = {
  name: "OrSpoken",
  props: { text: { type: String, default: "" } },
  render() {
    return drawn(this.text).map(({ text, how, quoted }) => (how || quoted ? h(how || "span", quoted ? { class: "quoted" } : {}, text) : text));
  },
};
