// A character, drawn from a few parameters (characters/<id>/art/avatar.json): never from markup, so that no card can bring any.
import { h } from "vue";
import { bird } from "./avatar_bird.js";
import { cat } from "./avatar_cat.js";
import { lamp } from "./avatar_lamp.js";
import { Portrait } from "./avatar_portrait.js";
import { voice } from "./avatar_voice.js";
import { body, extras, extrasAbove, stand } from "./avatar_body.js";
import { beard, hair, hat, moustache } from "./avatar_hair.js";
import { unchosen } from "./chance.js";
import { safeColour, shade } from "./colour.js";
import { expression, MOUTH } from "./expressions.js";

const FACES = {
  oval: "M68,106 C66,64 90,44 120,44 C150,44 174,64 172,106 C172,148 148,174 120,174 C92,174 68,148 68,106 Z",
  round: "M64,112 C62,66 90,44 120,44 C150,44 178,66 176,112 C176,152 150,174 120,174 C90,174 64,152 64,112 Z",
  long: "M71,104 C69,62 92,42 120,42 C148,42 171,62 169,104 C170,148 146,182 120,182 C94,182 70,148 71,104 Z",
  square: "M67,104 C66,64 90,44 120,44 C150,44 174,64 173,104 C174,142 166,162 148,170 C130,177 110,177 92,170 C74,162 66,142 67,104 Z",
};
const NOSES = {
  small: "M116,128 Q120,132 124,128",
  round: "M111,128 Q113,136 120,135 Q127,136 129,128",
  long: "M119,108 C117,120 112,128 114,132 Q120,136 125,131",
  hook: "M121,106 C116,116 110,126 113,132 Q121,138 126,131",
};

// Who is no human being: how it is drawn, the part of the drawing that a small round frame shows, and its colours.
const SPECIES = {
  bird: { draw: bird, frame: "40 182 170 212", tall: 0.58, colours: { feathers: "#2b2f42", nape: "#9aa3b8", beak: "#3a3a44", feet: "#4a4650" }, eyes: "#e8eef0" },
  cat: { draw: cat, frame: "36 186 168 168", tall: 0.56, colours: { fur: "#8a6a4f", chest: "#efe2d0", collar: "" }, eyes: "#7fa64a" },
  lamp: { draw: lamp, frame: "36 190 168 168", tall: 0.57, colours: { metal: "#8a6a34", shade: "#c9895a", light: "#ffdf94" }, eyes: "#4a3424" },
  voice: { draw: voice, frame: "30 168 180 180", tall: 0.62, colours: { light: "#7d8fe0" }, eyes: "#4a3424" },
};

function otherArt(species, given) {
  const { colours, eyes, tall } = SPECIES[species];
  const chosen = Object.entries(colours).map(([key, usual]) => [key, safeColour(given[key], usual)]);
  return { species, ...Object.fromEntries(chosen), eyes: { colour: safeColour(given.eyes?.colour, eyes) }, perch: Boolean(given.perch), size: sizeOf(given), tall };
}

function sizeOf(given) {
  return Math.min(1.3, Math.max(0.6, Number(given.size) || 1));
}

/** Parameters with everything that is missing filled in; `seed` varies what nobody has chosen, and all of a head of which nothing is. */
export function avatarArt(chosen = {}, seed = "") {
  const bare = seed && !["species", "skin", "face", "hair", "nose", "eyes"].some((part) => chosen[part]);
  const free = bare ? unchosen(seed) : {};
  const given = { ...free, ...chosen, ...(bare ? { clothes: { ...free.clothes, ...chosen.clothes } } : {}) };
  if (Object.hasOwn(SPECIES, given.species ?? "")) return otherArt(given.species, given);
  const n = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7);
  const pick = (list) => list[n % list.length];
  const colour = (value, fallback) => safeColour(value, fallback);
  const main = colour(given.clothes?.colour, pick(["#7a5ba8", "#3b6b8f", "#8d5a3b", "#4f7a5b", "#a8432f"]));
  const hairColour = colour(given.hair?.colour, pick(["#3a2a24", "#6b4a2f", "#b5763a", "#8a8580", "#241f2e"]));
  return {
    skin: colour(given.skin, pick(["#f0c9a8", "#d9a27a", "#a8714c", "#f5d9c3", "#7d5138"])),
    face: given.face ?? pick(["oval", "round"]),
    nose: given.nose ?? "small",
    eyes: { colour: colour(given.eyes?.colour, "#4a3424"), lashes: Boolean(given.eyes?.lashes) },
    brows: { colour: colour(given.brows?.colour, shade(hairColour, -0.2)), weight: Math.min(9, Math.max(2, Number(given.brows?.weight) || 4.5)) },
    lips: colour(given.lips, "#7a2f33"),
    age: Number(given.age) || 0,
    freckles: Boolean(given.freckles),
    hair: { style: given.hair?.style ?? pick(["short", "bob", "tousled", "curly", "bun"]), colour: hairColour },
    beard: given.beard ? { style: given.beard.style, moustache: Boolean(given.beard.moustache), colour: colour(given.beard.colour, hairColour) } : null,
    hat: given.hat ? { style: given.hat.style, colour: colour(given.hat.colour, "#4a3458"), trim: colour(given.hat.trim, "#d9a441") } : null,
    glasses: given.glasses ? { style: given.glasses.style ?? "round", colour: colour(given.glasses.colour, "#4a3424") } : null,
    clothes: { style: given.clothes?.style ?? "sweater", colour: main, second: colour(given.clothes?.second, "#f3e6cf"), trim: colour(given.clothes?.trim, "#d9a441") },
    extras: (Array.isArray(given.extras) ? given.extras : []).map((x) => ({ kind: x.kind, colour: colour(x.colour, "#c98a2b") })),
    earrings: given.earrings ? colour(given.earrings, "#d9a441") : "",
    size: sizeOf(given),
    tall: 1,
  };
}

const draw = (parts) => parts.map(([tag, attributes]) => h(tag, attributes));

function eye(art, look, side) {
  const x = side === "left" ? 98 : 142;
  const open = Math.max(0.08, look.open);
  const lash = `M${x - 12},${114 - 3 * open} Q${x},${112 - 14 * open} ${x + 12},${114 - 3 * open}`;
  return h("g", { class: "eye", style: { transformOrigin: `${x}px 114px` } }, [
    h("ellipse", { cx: x, cy: 114, rx: 11, ry: 12.5 * open, fill: "#fffaf2" }),
    h("g", { class: "pupil" }, [
      h("ellipse", { cx: x, cy: 114, rx: 7.2, ry: Math.min(7.6, 11.4 * open), fill: art.eyes.colour }),
      h("ellipse", { cx: x, cy: 114, rx: 4.2 * (look.pupil ?? 1), ry: Math.min(4.4, 8 * open) * (look.pupil ?? 1), fill: "#1d1620" }),
      h("circle", { cx: x + 2.6, cy: 114 - 3.4 * open, r: 2.1, fill: "#fff" }),
    ]),
    h("path", { d: lash, fill: "none", stroke: art.eyes.lashes ? "#231a22" : shade(art.skin, -0.55), "stroke-width": art.eyes.lashes ? 4 : 3, "stroke-linecap": "round" }),
  ]);
}

function brow(art, [lift, tilt], side) {
  const x = side === "left" ? 97 : 143;
  const turn = side === "left" ? tilt : -tilt;
  const d = side === "left" ? "M84,95 Q96,88 110,93" : "M156,95 Q144,88 130,93";
  return h("path", {
    class: "brow", d, fill: "none", stroke: art.brows.colour, "stroke-width": art.brows.weight, "stroke-linecap": "round",
    style: { transform: `translateY(${lift}px) rotate(${turn}deg)`, transformOrigin: `${x}px 92px` },
  });
}

function mouth(art, look) {
  const [x, y] = MOUTH;
  const shape = look.mouth;
  const inside = shape.tongue ? [h("path", { d: "M-9,11 Q0,4 9,11 Q5,15 0,15 Q-5,15 -9,11 Z", fill: "#d9736b" })] : [];
  const attributes = shape.fill ? { fill: shade(art.lips, -0.35), stroke: art.lips, "stroke-width": 2 } : { fill: "none", stroke: art.lips, "stroke-width": 3.4 };
  return h("g", { transform: `translate(${x} ${y})` }, [
    h("g", { class: "mouth" }, [h("path", { d: shape.d, "stroke-linecap": "round", "stroke-linejoin": "round", ...attributes }), ...inside]),
    h("ellipse", { class: "mouth-talk", cx: 0, cy: 2, rx: 9, ry: 7, fill: shade(art.lips, -0.35), stroke: art.lips, "stroke-width": 2 }),
  ]);
}

function signs(art, look) {
  const marks = [];
  const blush = look.cheeks ?? 0.18;
  const red = look.flush ? "#c8402f" : "#e0695c";
  for (const x of [84, 156]) marks.push(h("ellipse", { cx: x, cy: 134, rx: 13, ry: 8, fill: red, opacity: Math.min(0.6, 0.55 * (look.flush ?? blush)) }));
  if (look.tear) marks.push(h("path", { d: "M92,130 C98,140 98,148 92,148 C86,148 86,140 92,130 Z", fill: "#9fd0ee", opacity: 0.9 }));
  if (look.sweat) marks.push(h("path", { d: "M166,76 C174,88 174,96 167,96 C160,96 160,88 166,76 Z", fill: "#9fd0ee", opacity: 0.85 }));
  if (art.freckles) for (const [x, y] of [[88, 130], [94, 134], [84, 137], [146, 130], [152, 134], [156, 138]]) marks.push(h("circle", { cx: x, cy: y, r: 1.6, fill: shade(art.skin, -0.3) }));
  const crease = { fill: "none", stroke: shade(art.skin, -0.22), "stroke-width": 1.8, "stroke-linecap": "round" };
  if (art.age >= 1) marks.push(h("path", { d: "M78,126 q5,5 12,5 M162,126 q-5,5 -12,5", ...crease }));
  if (art.age >= 2) marks.push(h("path", { d: "M98,68 Q120,62 142,68 M102,76 Q120,71 138,76 M96,138 q-5,8 -3,15 M144,138 q5,8 3,15", ...crease }));
  return marks;
}

function glasses(art) {
  if (!art.glasses) return [];
  const frame = { fill: "#ffffff", "fill-opacity": 0.14, stroke: art.glasses.colour, "stroke-width": 3 };
  const lens = (x) => art.glasses.style === "half" ? h("path", { d: `M${x - 15},118 L${x + 15},118 C${x + 14},136 ${x - 14},136 ${x - 15},118 Z`, ...frame }) : h("circle", { cx: x, cy: 115, r: 18, ...frame });
  const bridge = { fill: "none", stroke: art.glasses.colour, "stroke-width": 3 };
  return [lens(98), lens(142), h("path", { d: "M116,113 Q120,109 124,113 M80,112 L68,108 M160,112 L172,108", ...bridge })];
}

function head(art, look) {
  const locks = hair(art);
  const dark = shade(art.skin, -0.16);
  const ear = (x) => h("ellipse", { cx: x, cy: 118, rx: 9, ry: 13, fill: dark });
  const rings = art.earrings ? [66, 174].map((x) => h("circle", { cx: x, cy: 136, r: 4.5, fill: art.earrings })) : [];
  return h("g", { class: "head" }, [
    h("g", { class: "hair-back" }, draw(locks.back)),
    ear(67), ear(173), ...rings,
    h("path", { d: FACES[art.face] ?? FACES.oval, fill: art.skin }),
    ...draw(beard(art)),
    ...signs(art, look),
    h("g", { class: "eyes" }, [eye(art, look, "left"), eye(art, look, "right")]),
    h("path", { d: NOSES[art.nose] ?? NOSES.small, fill: "none", stroke: shade(art.skin, -0.34), "stroke-width": 3, "stroke-linecap": "round" }),
    mouth(art, look),
    ...draw(moustache(art)),
    ...glasses(art),
    h("g", { class: "hair-front" }, draw(locks.front)),
    ...draw(hat(art)),
    brow(art, look.brow[0], "left"), brow(art, look.brow[1], "right"),
  ]);
}

export const Avatar = {
  name: "OrAvatar",
  props: { art: Object, emotion: String, talking: Boolean, lookX: { type: Number, default: 0 }, lookY: { type: Number, default: 0 }, crop: Boolean, bust: Boolean, still: Boolean },
  render() {
    const look = expression(this.emotion);
    const art = this.art;
    const [dx, dy] = look.look ?? [0, 0];
    const box = { class: ["avatar", { talking: this.talking, still: this.still, low: art.tall < 1 }], preserveAspectRatio: "xMidYMax meet", "aria-hidden": "true", "data-emotion": this.emotion, style: { "--look-x": `${this.lookX + dx}px`, "--look-y": `${this.lookY + dy}px` } };
    const whole = this.bust ? "20 -14 200 256" : "20 -12 200 452";
    if (art.species === "portrait") return h(Portrait, { art, emotion: this.emotion, crop: this.crop, box: { ...box, style: { "--lean": `${(this.lookX * 0.25).toFixed(2)}deg` } } });
    const other = SPECIES[art.species];
    if (other) return h("svg", { ...box, viewBox: this.crop ? other.frame : whole }, other.draw(art, look, this.emotion));
    const parts = this.crop ? [] : draw(body(art));
    const neck = h("path", { d: "M102,160 L138,160 L140,188 Q120,200 100,188 Z", fill: shade(art.skin, -0.14) });
    const shoulders = this.crop ? draw(body(art)) : [];
    return h("svg", { ...box, viewBox: this.crop ? "40 -4 160 200" : whole },
      [...(this.crop || this.bust ? [] : draw(stand(art))), h("g", { class: "body" }, [neck, ...parts, ...shoulders, ...draw(extras(art))]), head(art, look), ...draw(extrasAbove(art))]);
  },
};
