// The small face beside a line. It is drawn once for each look, and is a picture from then on: a talk of many lines would else
// be as many drawings, of sixty shapes each.
import { h, render } from "vue";
import { Avatar } from "./avatar.js";

const MOST = 300;
const pictures = new Map();

/** What a style sheet does to parts of a drawing, which it does not reach in a picture. */
function still(drawing) {
  for (const part of drawing.querySelectorAll(".mouth-talk")) part.remove();
  for (const part of drawing.querySelectorAll(".glow")) part.style.filter = "blur(12px)";
}

function pictureOf(art) {
  const key = JSON.stringify(art);
  if (!pictures.has(key)) {
    if (pictures.size >= MOST) pictures.clear();
    const box = document.createElement("div");
    render(h(Avatar, { art, emotion: "calm", crop: true, still: true }), box);
    still(box.firstElementChild);
    pictures.set(key, `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(box.firstElementChild))}`);
    render(null, box);
  }
  return pictures.get(key);
}

export const Face = {
  name: "OrFace",
  props: { art: Object },
  render() {
    if (this.art.species === "portrait") return h(Avatar, { art: this.art, emotion: "calm", crop: true, still: true });
    return h("img", { class: "avatar", src: pictureOf(this.art), alt: "", draggable: "false" });
  },
};
