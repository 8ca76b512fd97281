// A bird: body, wing, head with the same emotions as everybody else, on a swing that hangs from above.
import { h } from "vue";
import { shade } from "./colour.js";

const BEAKS = {
  closed: "M150,262 L194,272 L150,282 Z",
  open: "M150,258 L194,258 L156,271 L190,288 L150,284 Z",
};
const OPEN = new Set(["happy", "surprised", "angry"]);

function eye(art, look, x) {
  const open = Math.max(0.1, look.open);
  return h("g", { class: "eye", style: { transformOrigin: `${x}px 256px` } }, [
    h("ellipse", { cx: x, cy: 256, rx: 12.5, ry: 13 * open, fill: art.eyes.colour }),
    h("g", { class: "pupil" }, [
      h("circle", { cx: x + 2, cy: 256, r: Math.min(6.4, 10 * open) * (look.pupil ?? 1), fill: "#15131c" }),
      h("circle", { cx: x + 4, cy: 253, r: 2, fill: "#fff" }),
    ]),
  ]);
}

function brow(art, [lift, tilt], x) {
  const style = { transform: `translateY(${lift}px) rotate(${tilt}deg)`, transformOrigin: `${x}px 238px` };
  return h("path", { class: "brow", d: `M${x - 13},240 Q${x},233 ${x + 13},239`, fill: "none", stroke: shade(art.feathers, 0.45), "stroke-width": 5, "stroke-linecap": "round", style });
}

function signs(look) {
  const marks = [];
  const blush = look.flush ?? look.cheeks ?? 0;
  if (blush > 0.4) marks.push(h("ellipse", { cx: 118, cy: 284, rx: 13, ry: 8, fill: "#e0695c", opacity: 0.5 * blush }));
  if (look.tear) marks.push(h("path", { d: "M132,272 C139,283 139,291 132,291 C125,291 125,283 132,272 Z", fill: "#9fd0ee" }));
  if (look.sweat) marks.push(h("path", { d: "M88,214 C96,226 96,234 88,234 C80,234 80,226 88,214 Z", fill: "#9fd0ee" }));
  return marks;
}

function swing(art) {
  if (!art.perch) return [];
  return [
    h("path", { d: "M34,-900 L34,428 M206,-900 L206,428", stroke: "#6b5030", "stroke-width": 5 }),
    h("rect", { x: 20, y: 420, width: 200, height: 14, rx: 7, fill: "#8a6238" }),
  ];
}

/** The children of the avatar's svg for `art` and an expression. */
export function bird(art, look, name) {
  const light = shade(art.feathers, 0.14);
  const dark = shade(art.feathers, -0.35);
  const mouth = (kind, className) => h("path", { class: className, d: BEAKS[kind], fill: art.beak, stroke: dark, "stroke-width": 2, "stroke-linejoin": "round" });
  return [
    ...swing(art),
    h("g", { class: "body" }, [
      h("path", { d: "M74,372 L34,448 L62,444 L70,462 L104,392 Z", fill: dark }),
      h("path", { d: "M96,402 l-6,22 m0,0 l-14,4 m14,-4 l8,6 M134,402 l4,22 m0,0 l-10,6 m10,-6 l14,4", fill: "none", stroke: art.feet, "stroke-width": 6, "stroke-linecap": "round" }),
      h("path", { d: "M58,330 C54,274 84,232 120,236 C164,240 182,290 172,344 C164,392 128,414 100,408 C74,402 60,372 58,330 Z", fill: art.feathers }),
      h("path", { d: "M112,330 C146,322 170,336 170,350 C160,394 128,412 104,408 C96,380 100,350 112,330 Z", fill: light }),
      h("path", { d: "M60,318 C90,300 126,318 122,356 C118,388 86,404 52,402 C64,380 56,346 60,318 Z", fill: dark }),
      h("path", { d: "M70,342 q22,0 40,14 M66,362 q22,-2 38,10 M62,382 q18,-2 30,6", fill: "none", stroke: light, "stroke-width": 3, "stroke-linecap": "round" }),
    ]),
    h("g", { class: "head" }, [
      h("path", { d: "M74,262 C72,222 96,200 124,202 C154,204 170,228 164,262 C158,296 134,306 112,302 C90,298 76,286 74,262 Z", fill: art.feathers }),
      h("path", { d: "M76,246 C80,216 98,204 116,204 C96,222 92,262 100,298 C84,290 74,272 76,246 Z", fill: art.nape }),
      ...signs(look),
      h("g", { transform: "translate(-4 0)" }, [mouth(OPEN.has(name) ? "open" : "closed", "mouth"), mouth("open", "mouth-talk")]),
      eye(art, look, 132),
      brow(art, look.brow[1], 132),
    ]),
  ];
}
