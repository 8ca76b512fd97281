// Parts of faces that are no human ones: the same expressions, in colours of their own.
import { h } from "vue";

/** An eye around (x, y). `slit` makes the pupil a cat's. */
export function eye(x, y, look, { white, iris, r = 12, slit = false }) {
  const open = Math.max(0.1, look.open);
  const pupil = Math.min(r * 0.6, r * 0.75 * open) * (look.pupil ?? 1);
  return h("g", { class: "eye", style: { transformOrigin: `${x}px ${y}px` } }, [
    h("ellipse", { cx: x, cy: y, rx: r, ry: r * open, fill: white }),
    h("g", { class: "pupil" }, [
      h("ellipse", { cx: x, cy: y, rx: r * 0.8, ry: Math.min(r * 0.8, r * 0.92 * open), fill: iris }),
      h("ellipse", { cx: x, cy: y, rx: slit ? pupil * 0.42 : pupil * 0.7, ry: slit ? Math.min(r * 0.72, r * 0.85 * open) : pupil * 0.7, fill: "#16131c" }),
      h("circle", { cx: x + r * 0.24, cy: y - r * 0.3 * open, r: r * 0.18, fill: "#fff" }),
    ]),
  ]);
}

export function brow(x, y, [lift, tilt], { colour, half = 12, weight = 4.5, mirrored = false }) {
  const style = { transform: `translateY(${lift}px) rotate(${mirrored ? -tilt : tilt}deg)`, transformOrigin: `${x}px ${y}px` };
  return h("path", { class: "brow", d: `M${x - half},${y + 2} Q${x},${y - 5} ${x + half},${y + 2}`, fill: "none", stroke: colour, "stroke-width": weight, "stroke-linecap": "round", style });
}

/** The mouth of an expression around (x, y), and the one that opens while it talks. */
export function mouth(x, y, look, { colour, inside, scale = 1 }) {
  const shape = look.mouth;
  const drawn = shape.fill ? { fill: inside, stroke: colour, "stroke-width": 2.4 } : { fill: "none", stroke: colour, "stroke-width": 3.2 };
  return h("g", { transform: `translate(${x} ${y}) scale(${scale})` }, [
    h("path", { class: "mouth", d: shape.d, "stroke-linecap": "round", "stroke-linejoin": "round", ...drawn }),
    h("ellipse", { class: "mouth-talk", cx: 0, cy: 2, rx: 8, ry: 6.5, fill: inside, stroke: colour, "stroke-width": 2 }),
  ]);
}

/** Cheeks, a tear, a drop of sweat: at the cheeks (x either side of the middle, y) of a face. */
export function signs(middle, aside, y, look) {
  const marks = [];
  const blush = look.flush ?? look.cheeks ?? 0;
  if (blush > 0.3) for (const x of [middle - aside, middle + aside]) marks.push(h("ellipse", { cx: x, cy: y, rx: 12, ry: 7, fill: "#e0695c", opacity: 0.5 * blush }));
  const drop = (x, top) => `M${x},${top} c7,11 7,19 0,19 c-7,0 -7,-8 0,-19 Z`;
  if (look.tear) marks.push(h("path", { d: drop(middle - aside + 4, y - 6), fill: "#9fd0ee", opacity: 0.9 }));
  if (look.sweat) marks.push(h("path", { d: drop(middle + aside + 14, y - 62), fill: "#9fd0ee", opacity: 0.85 }));
  return marks;
}
