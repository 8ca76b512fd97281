// A character that its author has pictures of. What has a ground of its own stands in a frame on an easel, as a painting; a
// cut-out stands on the floor. What no picture shows (a face has ten, a picture one) is told by light, a lean and a sign.
import { h } from "vue";
import { nearest } from "./expressions.js";

const [LEFT, TOP, WIDTH, HEIGHT] = [20, -12, 200, 452];
const FLOOR = TOP + HEIGHT;
const MIDDLE = LEFT + WIDTH / 2;
/** How high the ledge of the easel is, the widest and the highest picture on it, and its frame's width. */
const [LEDGE, WIDEST, HIGHEST, FRAME] = [34, 190, 336, 8];
/** In a frame a picture is shown as upright as this, around its face. */
const [FLATTEST, STEEPEST] = [1.1, 1.74];

/** What light falls on a picture, how it leans (degrees), how it is lifted, and the sign that tells what it can't show. */
const MOODS = {
  calm: {},
  happy: { light: "#ffcf70", lift: -4, sign: "M0,-10 L2.6,-3 L10,-3 L4,1.6 L6.2,9 L0,4.6 L-6.2,9 L-4,1.6 L-10,-3 L-2.6,-3 Z" },
  amused: { light: "#ffbf66", lean: 1.6, sign: "M-9,-3 A10,10 0 0 0 9,-3 A9.5,7 0 0 1 -9,-3 Z" },
  tender: { light: "#ff9aa8", lean: -1.6, sign: "M0,9 C-13,-1 -9,-11 -3,-9 Q0,-8 0,-4 Q0,-8 3,-9 C9,-11 13,-1 0,9 Z" },
  curious: { light: "#9fd0ff", lean: 2.4, sign: "M-6,-5 A6,6 0 1 1 2,1 L2,4 L-2,4 L-2,-1 A2.6,2.6 0 1 0 -2.4,-5 Z M-2.2,6.4 h4.4 v4 h-4.4 Z" },
  surprised: { light: "#fff0a8", lift: -8, sign: "M-2.6,-11 h5.2 l-1,14 h-3.2 Z M-2.6,6 h5.2 v5 h-5.2 Z" },
  worried: { light: "#8fa0c8", lean: -1.2, sign: "M0,-10 C7,-1 8,9 0,9 C-8,9 -7,-1 0,-10 Z" },
  sad: { light: "#5f78b8", lean: -2.2, lift: 3, sign: "M-5,-9 C0,-2 0,5 -5,5 C-10,5 -10,-2 -5,-9 Z M6,-3 C11,3 10,10 6,10 C2,10 1,3 6,-3 Z" },
  angry: { light: "#d8402f", sign: "M-9,-4 h5 v-5 h3 v8 h-8 Z M9,-4 h-5 v-5 h-3 v8 h8 Z M-9,4 h5 v5 h3 v-8 h-8 Z M9,4 h-5 v5 h-3 v-8 h8 Z" },
  embarrassed: { light: "#ff8f8f", lean: 2, sign: "M-9,3 q3,-8 6,0 q3,8 6,0 q3,-8 6,0 v4 q-3,-8 -6,0 q-3,8 -6,0 q-3,-8 -6,0 Z" },
};

/** The square of a picture that is shown where nobody has chosen one: as wide as it is, at its top, where faces are. */
function usualFace(ratio) {
  return ratio >= 1 ? { x: 0, y: 0, size: 1 } : { x: (1 - ratio) / 2, y: 0, size: ratio };
}

/** `urls` by emotion, `ratio` height by width, `cutout`: on a clear ground, `face` the square that its file names. */
export function portraitArt(urls, ratio, { cutout = false, face = null } = {}) {
  const shown = cutout ? ratio : Math.min(STEEPEST, Math.max(FLATTEST, ratio));
  const width = cutout ? Math.min(WIDTH + 40, HEIGHT / ratio) : Math.min(WIDEST, HIGHEST / shown);
  const height = width * shown;
  const above = cutout ? height : height + LEDGE + 2 * FRAME;
  return { species: "portrait", urls, ratio, cutout, face: face ?? usualFace(ratio), width, height, size: 1, tall: Math.min(1, above / HEIGHT) };
}

/** The picture for an emotion, in the order that docs/art.md gives: its own, that of the nearest, the one for all, any. */
export function urlFor({ urls }, emotion) {
  return urls[emotion] ?? urls[nearest(emotion)] ?? urls[""] ?? urls.calm ?? Object.values(urls)[0];
}

/** Whether a picture of its own, or of the nearest emotion, shows this one. */
function isShown({ urls }, emotion) {
  return Boolean(urls[emotion] ?? urls[nearest(emotion)]);
}

/** In a small round frame: the face, and what lies around it. */
function small(art, emotion) {
  const { x, y, size } = art.face;
  const [width, height] = [100 / size, (100 / size) * art.ratio];
  return [h("g", { class: "head" }, [h("image", { href: urlFor(art, emotion), x: -x * width, y: -y * height, width, height, preserveAspectRatio: "none" })])];
}

/** Where the whole picture lies behind its frame, so that the face is in the middle as far as it can be. */
function behind({ width, height, ratio, face }, left, top) {
  const whole = Math.max(width, height / ratio);
  const [w, hh] = [whole, whole * ratio];
  const x = Math.min(0, Math.max(width - w, width / 2 - (face.x + face.size / 2) * w));
  const y = Math.min(0, Math.max(height - hh, height * 0.38 - (face.y + face.size / ratio / 2) * hh));
  return { x: left + x, y: top + y, width: w, height: hh, preserveAspectRatio: "none", clip: { clipPath: `inset(${-y}px ${w - width + x}px ${hh - height + y}px ${-x}px round 4px)` } };
}

function images(art, place, now, before) {
  const { clip, ...box } = place;
  const one = (href, name) => h("image", { key: `${name} ${href}`, class: `head ${name}`, href, ...box, style: clip });
  return before && before !== now ? [one(before, "before"), one(now, "now")] : [one(now, "now")];
}

function easel(left, top, width, height) {
  const [bottom, out] = [top + height + FRAME, width * 0.34];
  return [
    h("path", { class: "easel", d: `M${MIDDLE},${top + 20} L${MIDDLE},${FLOOR - 14} M${MIDDLE - 12},${top - 6} L${MIDDLE - out - 14},${FLOOR - 2} M${MIDDLE + 12},${top - 6} L${MIDDLE + out + 14},${FLOOR - 2}` }),
    h("rect", { class: "ledge", x: left - 8, y: bottom - 1, width: width + 16, height: 10, rx: 3 }),
  ];
}

function framed(art, now, before, light) {
  const [left, top] = [MIDDLE - art.width / 2, FLOOR - LEDGE - FRAME - art.height];
  const box = (by, more) => h("rect", { x: left - by, y: top - by, width: art.width + 2 * by, height: art.height + 2 * by, ...more });
  return [
    box(FRAME, { class: "frame", rx: 8 }), box(3.5, { class: "mat", rx: 5 }),
    ...images(art, behind(art, left, top), now, before),
    box(0, { class: "light", rx: 4, style: { fill: light ?? "transparent" } }),
    h("path", { class: "sheen", d: `M${left},${top} h${art.width * 0.62} L${left},${top + art.height * 0.52} Z` }),
  ];
}

function standing(art, now, before, light) {
  const place = { x: MIDDLE - art.width / 2, y: FLOOR - art.height, width: art.width, height: art.height, preserveAspectRatio: "xMidYMax meet" };
  const aura = light ? [h("ellipse", { class: "aura glow", cx: MIDDLE, cy: FLOOR - art.height / 2, rx: art.width * 0.42, ry: art.height * 0.46, style: { fill: light } })] : [];
  return [...aura, ...images(art, place, now, before)];
}

/** The children of a portrait's svg, as it stands on the stage. */
function whole(art, emotion, now, before) {
  const mood = MOODS[nearest(emotion)] ?? {};
  const [left, top] = [MIDDLE - art.width / 2, FLOOR - (art.cutout ? 0 : LEDGE + FRAME) - art.height];
  const lean = { transform: `translateY(${mood.lift ?? 0}px) rotate(calc(${mood.lean ?? 0}deg + var(--lean, 0deg)))`, transformOrigin: `${MIDDLE}px ${FLOOR - LEDGE}px` };
  const sign = mood.sign && !isShown(art, emotion) ? [h("g", { class: "sign", key: emotion, transform: `translate(${left + art.width - 6} ${top + 8})` }, [h("circle", { r: 19 }), h("path", { d: mood.sign })])] : [];
  const shadow = h("ellipse", { class: "ground", cx: MIDDLE, cy: FLOOR - 3, rx: art.width * 0.5, ry: 9 });
  return [
    shadow, ...(art.cutout ? [] : easel(left, top, art.width, art.height)),
    h("g", { class: "body" }, [h("g", { class: "lean", style: lean }, [h("g", { class: "react" }, [...(art.cutout ? standing : framed)(art, now, before, isShown(art, emotion) && art.cutout ? null : mood.light), ...sign])])]),
  ];
}

/** The svg of a portrait. It remembers the picture before, over which the next one comes up. */
export const Portrait = {
  name: "OrPortrait",
  props: { art: Object, emotion: String, box: Object, crop: Boolean },
  data: () => ({ before: "" }),
  computed: {
    now() {
      return urlFor(this.art, this.emotion);
    },
  },
  watch: {
    now(_now, before) {
      this.before = before;
    },
  },
  render() {
    if (this.crop) return h("svg", { ...this.box, preserveAspectRatio: "xMidYMid meet", viewBox: "0 0 100 100" }, small(this.art, this.emotion));
    return h("svg", { ...this.box, class: [this.box.class, "portrait-stand"], "data-mood": nearest(this.emotion), viewBox: `${LEFT} ${TOP} ${WIDTH} ${HEIGHT}` }, whole(this.art, this.emotion, this.now, this.before));
  },
};
