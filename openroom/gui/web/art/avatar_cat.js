// A cat that sits and looks at who comes in.
import { h } from "vue";
import { shade } from "./colour.js";
import { brow, eye, mouth, signs } from "./features.js";

const EARS_BACK = new Set(["angry", "worried", "sad", "embarrassed"]);

/** The children of the avatar's svg for `art` and an expression. */
export function cat(art, look, name) {
  const dark = shade(art.fur, -0.3);
  const soft = shade(art.fur, 0.12);
  const line = { fill: "none", stroke: dark, "stroke-width": 3, "stroke-linecap": "round" };
  const back = EARS_BACK.has(name) ? 16 : 0;
  const ear = (x, way) => {
    const turned = { style: { transform: `rotate(${way * back}deg)`, transformOrigin: `${x}px 240px`, transition: "transform 0.35s" } };
    return h("g", turned, [
      h("path", { d: `M${x - way * 22},246 Q${x + way * 2},196 ${x + way * 14},190 Q${x + way * 26},212 ${x + way * 20},252 Z`, fill: art.fur }),
      h("path", { d: `M${x - way * 8},238 Q${x + way * 6},212 ${x + way * 12},206 Q${x + way * 19},222 ${x + way * 14},244 Z`, fill: "#d99a94" }),
    ]);
  };
  const whisker = (way) => h("path", { d: `M${120 + way * 32},284 l${way * 44},-9 M${120 + way * 32},290 l${way * 46},1 M${120 + way * 32},296 l${way * 42},10`, fill: "none", stroke: "#f6efe6", "stroke-width": 1.8, "stroke-linecap": "round", opacity: 0.85 });
  return [
    h("g", { class: "body" }, [
      h("path", { d: "M156,424 C214,434 226,380 202,350 C192,338 180,346 187,358 C198,378 190,402 158,402 Z", fill: dark }),
      h("path", { d: "M86,306 C64,342 54,396 60,430 Q62,438 72,438 L168,438 Q178,438 180,430 C186,396 176,342 154,306 Z", fill: art.fur }),
      h("path", { d: "M120,308 C142,318 150,356 140,396 Q120,410 100,396 C90,356 98,318 120,308 Z", fill: art.chest }),
      h("path", { d: "M100,360 C96,390 96,410 98,424 M140,360 C144,390 144,410 142,424 M66,420 C62,396 70,376 84,368 M174,420 C178,396 170,376 156,368", ...line }),
      h("ellipse", { cx: 96, cy: 431, rx: 21, ry: 11, fill: soft }), h("ellipse", { cx: 144, cy: 431, rx: 21, ry: 11, fill: soft }),
      h("path", { d: "M90,426 v8 M98,426 v9 M138,426 v9 M146,426 v8", ...line, "stroke-width": 2 }),
    ]),
    h("g", { class: "head" }, [
      ear(84, -1), ear(156, 1),
      h("path", { d: "M58,268 C56,236 84,216 120,216 C156,216 184,236 182,268 C192,276 186,286 178,290 C168,310 146,320 120,320 C94,320 72,310 62,290 C54,286 48,276 58,268 Z", fill: art.fur }),
      h("path", { d: "M120,220 v18 M106,222 l3,14 M134,222 l-3,14 M62,276 l14,2 M178,276 l-14,2", ...line, "stroke-width": 4 }),
      h("ellipse", { cx: 108, cy: 292, rx: 20, ry: 16, fill: art.chest }), h("ellipse", { cx: 132, cy: 292, rx: 20, ry: 16, fill: art.chest }),
      whisker(-1), whisker(1),
      ...signs(120, 44, 288, look),
      eye(94, 264, look, { white: "#f3f1da", iris: art.eyes.colour, r: 14, slit: true }), eye(146, 264, look, { white: "#f3f1da", iris: art.eyes.colour, r: 14, slit: true }),
      h("path", { d: "M112,279 Q120,275 128,279 Q124,287 120,288 Q116,287 112,279 Z", fill: "#c9706d" }),
      mouth(120, 300, look, { colour: shade(art.fur, -0.55), inside: "#7a2f33", scale: 0.8 }),
      brow(94, 243, look.brow[0], { colour: dark, weight: 4 }), brow(146, 243, look.brow[1], { colour: dark, weight: 4, mirrored: true }),
    ]),
    art.collar ? h("g", {}, [h("path", { d: "M84,312 Q120,330 156,312 L157,321 Q120,340 83,321 Z", fill: art.collar }), h("circle", { cx: 120, cy: 333, r: 8, fill: "#e3b23c" }), h("path", { d: "M120,333 v7", stroke: "#6b4a10", "stroke-width": 2 })]) : null,
  ];
}
