// Pictures from /art: SVG files and photographs of scenes and props. SVG is cleaned before it goes into the page: a pack
// that somebody installed may bring shapes and colours, never scripts, links or requests.
import { h, reactive } from "vue";
import { allowed } from "./allowed.js";
import { avatarArt } from "./avatar.js";
import { portraitArt } from "./avatar_portrait.js";
import { fileOf, filesIn, forget, wordsOf } from "./files.js";

const TAGS = new Set("svg g path circle ellipse rect line polyline polygon defs linearGradient radialGradient stop clipPath mask title desc use text tspan pattern".split(" "));
const SVG = "http://www.w3.org/2000/svg";
const cache = new Map();

function clean(element) {
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value } of element.attributes) {
    const kept = allowed(name, value);
    if (kept !== null) copy.setAttribute(name, kept);
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE && TAGS.has(child.localName)) copy.append(clean(child));
  }
  return copy;
}

let copies = 0;

/** A fresh copy of a picture with ids of its own, so that the same picture may stand in a page twice. */
function copyOf(picture) {
  const copy = picture.cloneNode(true);
  const mark = `a${++copies}-`;
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.name === "id") element.setAttribute("id", mark + attribute.value);
      else if (attribute.value.includes("#")) {
        const value = attribute.value.replace(/url\(\s*['"]?#([^)'"]+)['"]?\s*\)/g, `url(#${mark}$1)`);
        element.setAttribute(attribute.name, /href$/.test(attribute.name) ? `#${mark}${value.slice(1)}` : value);
      }
    }
  }
  return copy;
}

async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) return null;
  const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  return parsed.documentElement.localName === "svg" ? clean(parsed.documentElement) : null;
}

export function picture(url) {
  if (!cache.has(url)) cache.set(url, load(url).catch(() => null));
  return cache.get(url);
}

/** A drawing without a viewBox has one by its size, or it would be as high as nothing. */
function withBox(svg) {
  if (!svg.hasAttribute("viewBox")) {
    const [width, height] = ["width", "height"].map((name) => parseFloat(svg.getAttribute(name)) || 100);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
  return svg;
}

/** The drawing for `look`, as an element: layers in one SVG file, or a file of its own, or the one there is. */
async function drawn(folder, base, look) {
  const files = await filesIn(folder);
  const layers = files.includes(`${base}.svg`) ? `${base}.svg` : "";
  const file = layers || fileOf(files, `${base}_${look}`) || fileOf(files, base) || Object.values(wordsOf(files, base))[0];
  if (!file) return null;
  if (!file.endsWith(".svg")) return Object.assign(new Image(), { src: `${folder}/${file}`, alt: "", draggable: false });
  const drawing = await picture(`${folder}/${file}`);
  return drawing && withBox(copyOf(drawing));
}

/** What an art folder (`/art/props/lamp`) has under the name `base`, as it looks now; `other` is a folder to fall back on. */
export const Picture = {
  name: "OrPicture",
  props: { folder: String, base: String, look: String, other: String, fit: { type: String, default: "xMidYMax meet" } },
  emits: ["missing", "loaded"],
  watch: {
    folder: "show",
    look() {
      if (this.$el.querySelector("[data-look]")) this.choose();
      else this.show();
    },
  },
  mounted() {
    this.show();
  },
  methods: {
    async show() {
      const wanted = [this.folder, this.look].join(" ");
      const found = (await drawn(this.folder, this.base, this.look)) ?? (this.other ? await drawn(this.other, this.base, "") : null);
      if (wanted !== [this.folder, this.look].join(" ") || !this.$el) return;
      if (!found) {
        this.$emit("missing");
        return;
      }
      found.setAttribute("aria-hidden", "true");
      if (found.localName === "svg") {
        found.setAttribute("preserveAspectRatio", this.fit);
        found.removeAttribute("width");
        found.removeAttribute("height");
      }
      this.$el.replaceChildren(found);
      // A picture says how wide it is on the stage, in its units: data-w.
      if (/^\d+(\.\d+)?$/.test(found.dataset.w ?? "")) this.$el.closest(".thing")?.style.setProperty("--w", found.dataset.w);
      this.choose();
      this.$emit("loaded");
    },
    choose() {
      const looks = [...this.$el.querySelectorAll("[data-look]")];
      const known = looks.some((group) => group.dataset.look.split(" ").includes(this.look));
      looks.forEach((group) => {
        const names = group.dataset.look.split(" ");
        group.classList.toggle("shown", known ? names.includes(this.look) : names.includes("default"));
      });
    },
  },
  render() {
    return h("span", { class: "picture" });
  },
};

const avatars = reactive({});

/** How a character is drawn; a stand-in of its own until (or unless) its files are there. */
export function avatarOf(prefix, id, card = {}) {
  const key = id || "unknown";
  if (!avatars[key]) {
    avatars[key] = avatarArt(card.colour ? { clothes: { colour: card.colour } } : {}, key);
    const folder = `${prefix}/art/characters/${encodeURIComponent(key)}`;
    loadAvatar(folder, key).catch(() => null);
  }
  return avatars[key];
}

/** Photographs, where there are any; else the parameters of its avatar.json. */
async function loadAvatar(folder, key) {
  const files = await filesIn(folder);
  const portraits = wordsOf(files, "portrait");
  if (Object.keys(portraits).length) {
    const urls = Object.fromEntries(Object.entries(portraits).map(([word, file]) => [word, `${folder}/${file}`]));
    const asked = files.includes("face.json") ? fetch(`${folder}/face.json`).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null) : null;
    const [first, face] = await Promise.all([firstOf(urls), asked]);
    avatars[key] = portraitArt(urls, first.naturalHeight / first.naturalWidth || 1, { cutout: isCutout(first), face: isFace(face) ? face : null });
  } else if (files.includes("avatar.json")) {
    const answer = await fetch(`${folder}/avatar.json`);
    if (answer.ok) avatars[key] = avatarArt(await answer.json(), key);
  }
}

/** The picture for all, or the first there is, as an image that is there; all are loaded, so that a face changes at once. */
async function firstOf(urls) {
  const images = Object.fromEntries(Object.entries(urls).map(([word, src]) => [word, Object.assign(new Image(), { src })]));
  const first = images[""] ?? Object.values(images)[0];
  await first.decode();
  return first;
}

const SAMPLE = 24;
const CLEAR = 32;

/** Whether a picture's upper corners are clear: a figure that was cut out stands without a frame. */
function isCutout(image) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SAMPLE, height: SAMPLE });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, SAMPLE, SAMPLE);
  const { data } = context.getImageData(0, 0, SAMPLE, SAMPLE);
  return data[3] < CLEAR && data[(SAMPLE - 1) * 4 + 3] < CLEAR;
}

function isFace(face) {
  return Boolean(face) && ["x", "y", "size"].every((key) => typeof face[key] === "number" && face[key] >= 0 && face[key] <= 1) && face.size >= 0.05;
}

/** A character's pictures have changed: look for them anew. */
export function redraw(prefix, id) {
  const folder = `${prefix}/art/characters/${encodeURIComponent(id)}`;
  forget(folder);
  return loadAvatar(folder, id).catch(() => null);
}
