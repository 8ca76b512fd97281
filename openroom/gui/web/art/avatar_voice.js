// A voice without a body: a light that hangs in the room, and the wave of what it says.
import { h } from "vue";
import { shade } from "./colour.js";

const BARS = [-44, -22, 0, 22, 44];
const HEIGHTS = [18, 34, 48, 34, 18];

/** How the wave stands: an expression bends it as it would bend a mouth, and lifts it as it would lift brows. */
function wave(look) {
  const [left, right] = look.brow;
  const bend = look.cheeks ? -6 * look.cheeks : look.tear || look.sweat ? 8 : 0;
  return BARS.map((x, at) => {
    const side = (at - 2) / 2;
    const tilt = side * ((right[0] - left[0]) + (look.flush ? (at % 2 ? 9 : -9) : 0));
    return { x: 120 + x, y: 258 + bend * side * side * 1.6 + tilt + (look.look?.[1] ?? 0) * 2, height: HEIGHTS[at] * (0.35 + 0.65 * look.open) * (look.flush ? 1.25 : 1) };
  });
}

/** The children of the avatar's svg for `art` and an expression. */
export function voice(art, look) {
  const glow = 0.5 + 0.5 * (look.cheeks ?? 0.3) + (look.flush ?? 0) * 0.3;
  const core = look.flush ? shade(art.light, -0.15) : look.tear ? shade(art.light, -0.28) : art.light;
  const pale = shade(art.light, 0.72);
  const bars = (stretch) => wave(look).map(({ x, y, height }) => h("rect", { x: x - 5, y: y - (height * stretch) / 2, width: 10, height: height * stretch, rx: 5, fill: pale }));
  return [
    h("ellipse", { cx: 120, cy: 432, rx: 46, ry: 7, fill: "#0c0714", opacity: 0.35 }),
    h("g", { class: "body" }, [
      h("circle", { class: "glow", cx: 120, cy: 258, r: 104, fill: core, opacity: 0.1 * glow }),
      h("circle", { cx: 120, cy: 258, r: 86, fill: core, opacity: 0.16 * glow }),
      h("circle", { cx: 120, cy: 258, r: 92, fill: "none", stroke: pale, "stroke-width": 1.6, "stroke-dasharray": "3 9", "stroke-linecap": "round", opacity: 0.6 }),
    ]),
    h("g", { class: "head" }, [
      h("circle", { cx: 120, cy: 258, r: 70, fill: shade(core, -0.35) }),
      h("circle", { cx: 120, cy: 258, r: 62, fill: shade(core, -0.12) }),
      h("path", { d: "M78,226 Q96,202 126,202", fill: "none", stroke: pale, "stroke-width": 5, "stroke-linecap": "round", opacity: 0.55 }),
      h("g", { class: "mouth" }, bars(1)),
      h("g", { class: "mouth-talk" }, bars(1.55)),
    ]),
  ];
}
