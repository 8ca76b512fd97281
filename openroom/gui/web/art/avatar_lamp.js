// A lamp with a face in its shade: for a house that speaks, a machine, a ghost in the furniture.
import { h } from "vue";
import { shade } from "./colour.js";
import { brow, eye, mouth, signs } from "./features.js";

/** The children of the avatar's svg for `art` and an expression: how bright it is goes with how it feels. */
export function lamp(art, look) {
  const dark = shade(art.metal, -0.35);
  const light = shade(art.metal, 0.3);
  const bright = Math.min(0.75, 0.5 * look.open * look.open);
  const face = shade(art.shade, -0.62);
  return [
    h("ellipse", { class: "glow", cx: 120, cy: 300, rx: 122, ry: 96, fill: art.light, opacity: bright * 0.42 }),
    h("g", { class: "body" }, [
      h("ellipse", { cx: 120, cy: 431, rx: 54, ry: 11, fill: dark }),
      h("path", { d: "M70,426 Q72,410 106,406 L134,406 Q168,410 170,426 Q120,440 70,426 Z", fill: art.metal }),
      h("path", { d: "M114,312 L126,312 L129,408 L111,408 Z", fill: art.metal }), h("path", { d: "M116,316 L119,404", stroke: light, "stroke-width": 3, "stroke-linecap": "round", fill: "none" }),
      h("ellipse", { cx: 120, cy: 360, rx: 13, ry: 9, fill: light }), h("ellipse", { cx: 120, cy: 362, rx: 13, ry: 8, fill: art.metal }),
    ]),
    h("g", { class: "head" }, [
      h("path", { d: "M62,316 L178,316 L196,356 Q120,376 44,356 Z", fill: art.light, opacity: bright * 0.6 }),
      h("path", { d: "M92,204 L148,204 L186,310 Q120,330 54,310 Z", fill: art.shade }),
      h("path", { d: "M92,204 L148,204 L186,310 Q120,330 54,310 Z", fill: art.light, opacity: bright * 0.55 }),
      h("path", { d: "M54,310 Q120,330 186,310 L183,301 Q120,321 57,301 Z", fill: dark }), h("path", { d: "M92,204 L148,204 L150,210 L90,210 Z", fill: dark }),
      h("path", { d: "M112,204 L112,196 Q120,186 128,196 L128,204 Z", fill: art.metal }),
      ...signs(120, 40, 278, look),
      eye(100, 254, look, { white: "#fffaf0", iris: art.eyes.colour, r: 11 }), eye(140, 254, look, { white: "#fffaf0", iris: art.eyes.colour, r: 11 }),
      mouth(120, 282, look, { colour: face, inside: face, scale: 0.85 }),
      brow(100, 236, look.brow[0], { colour: face, half: 10, weight: 4 }), brow(140, 236, look.brow[1], { colour: face, half: 10, weight: 4, mirrored: true }),
    ]),
  ];
}
