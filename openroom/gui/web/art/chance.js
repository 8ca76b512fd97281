// What is drawn where nobody has chosen: by an id, always the same for one, and different enough for two.
// openroom/cards/portrait.py draws the pictures of cards by the same numbers and lists.
export const SKINS = ["#f7dcc6", "#f0c9a8", "#d9a27a", "#b9835a", "#8f5d3c", "#5f3b28"];
export const HAIR_COLOURS = ["#241f2e", "#4a3024", "#8a5a34", "#c9964f", "#a8482f", "#8a8580", "#e4dfd6", "#5b6bb0"];
export const COLOURS = ["#7a5ba8", "#3b6b8f", "#4f7a5b", "#2f7f86", "#b0703a", "#a8432f", "#9a4a72", "#4b4f63"];
export const USUAL_HAIRS = ["short", "crop", "bob", "long", "bun", "curly", "tousled", "swept", "ponytail", "braids"];
export const USUAL_CLOTHES = ["sweater", "coat", "waistcoat", "dress", "overalls"];
/** Of the colours of hair, those of people who have not dyed it. */
export const USUAL_HAIR_COLOURS = 6;

const FACES = ["oval", "round", "long", "square"];
const NOSES = ["small", "round", "long"];
const EYES = ["#4a3424", "#5b7a4a", "#3f6a8a", "#7a5a2f", "#2f2a33"];

/** A run of numbers that an id begins (FNV-1a, then xorshift). */
export function numbers(id) {
  let state = 2166136261;
  for (const letter of id) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  state ||= 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** The parameters of a character of whom nothing is chosen, as avatar.json has them. */
export function unchosen(id) {
  const next = numbers(id);
  const pick = (list) => list[next() % list.length];
  return {
    skin: pick(SKINS), face: pick(FACES), nose: pick(NOSES), eyes: { colour: pick(EYES) },
    hair: { style: pick(USUAL_HAIRS), colour: pick(HAIR_COLOURS.slice(0, USUAL_HAIR_COLOURS)) },
    clothes: { style: pick(USUAL_CLOTHES), colour: pick(COLOURS) },
  };
}
