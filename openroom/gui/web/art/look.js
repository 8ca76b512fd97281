// How a person is drawn: by the same parts as characters. Who has chosen nothing is drawn by their id.
import { avatarArt } from "./avatar.js";
import { COLOURS, HAIR_COLOURS, numbers, SKINS, USUAL_CLOTHES, USUAL_HAIR_COLOURS, USUAL_HAIRS } from "./chance.js";
import { safeColour } from "./colour.js";

export { COLOURS, HAIR_COLOURS, SKINS };
export const HAIRS = ["short", "crop", "bob", "long", "bun", "braids", "plait", "curly", "tousled", "swept", "ponytail", "wisps", "bald"];
export const CLOTHES = ["sweater", "coat", "waistcoat", "dress", "overalls", "cloak", "robe", "uniform", "apron"];
export const GLASSES = ["", "round", "half"];
export const BEARDS = ["", "short", "full", "goatee", "moustache"];
export const HATS = ["", "cap", "knit", "beret", "straw", "peaked", "hood", "scarf", "top"];

const drawn = new Map();
const MOST_KEPT = 300;

/** The look of who has chosen none: always the same for one id, and different enough for two. */
export function usualLook(id) {
  const next = numbers(id);
  const pick = (list) => list[next() % list.length];
  const look = { skin: pick(SKINS), hair: pick(USUAL_HAIRS), hair_colour: pick(HAIR_COLOURS.slice(0, USUAL_HAIR_COLOURS)), clothes: pick(USUAL_CLOTHES), colour: pick(COLOURS) };
  if (next() % 4 === 0) look.glasses = "round";
  return look;
}

const CHOICES = { hair: HAIRS, clothes: CLOTHES, glasses: GLASSES, beard: BEARDS, hat: HATS };
const TINTS = ["skin", "hair_colour", "colour"];

/** What a browser kept, if the server would take it; else null. */
export function wholeLook(kept) {
  if (!kept || typeof kept !== "object" || !kept.hair || !kept.clothes) return null;
  const known = Object.entries(kept).every(([part, value]) => (TINTS.includes(part) ? safeColour(value, "") : value && CHOICES[part]?.includes(value)));
  return known && TINTS.every((part) => part in kept) ? kept : null;
}

/** Some other look, for who would rather be surprised. */
export function anyLook() {
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const look = { skin: pick(SKINS), hair: pick(HAIRS.slice(0, -2)), hair_colour: pick(HAIR_COLOURS), clothes: pick(CLOTHES), colour: pick(COLOURS) };
  const extra = pick(["", "", "glasses", "hat", "beard"]);
  if (extra) look[extra] = pick({ glasses: GLASSES, hat: HATS, beard: BEARDS }[extra].slice(1));
  return look;
}

/** What <Avatar> draws for a person; what it does not know is drawn as usual. */
export function personArt(id, look) {
  const key = `${id} ${look ? JSON.stringify(look) : ""}`;
  if (!drawn.has(key)) {
    if (drawn.size >= MOST_KEPT) drawn.clear();
    drawn.set(key, avatarArt(parts({ ...usualLook(id), ...(look ? { glasses: "" } : {}), ...look }), id));
  }
  return drawn.get(key);
}

function parts({ skin, hair, hair_colour, clothes, colour, glasses, beard, hat }) {
  return {
    skin, hair: { style: hair, colour: hair_colour }, clothes: { style: clothes, colour },
    glasses: glasses ? { style: glasses } : undefined, beard: beard ? { style: beard } : undefined, hat: hat ? { style: hat, colour } : undefined,
  };
}
