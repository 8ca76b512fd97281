// What somebody says, as people write it in role-play: *she grins* in italics, **now** strong. Text nodes only, never markup.
import { h } from "vue";

const MARKS = /(?<![\w*])(\*{1,2})(?=[^\s*])([^*\n]+?)(?<=[^\s*])\1(?![\w*])/g;

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

/** The line without its marks, for who hears it. */
export function bare(line) {
  return partsOf(line).map((part) => part.text).join("");
}

export const Spoken = {
  name: "OrSpoken",
  props: { text: { type: String, default: "" } },
  render() {
    return partsOf(this.text).map(({ text, how }) => (how ? h(how, text) : text));
  },
};
