// Pictures from /art: SVG files of scenes and props. They are cleaned before they go into the page: a pack that somebody
// installed may bring shapes and colours, never scripts, links or requests.
import { h, reactive } from "vue";
import { allowed } from "./allowed.js";
import { avatarArt } from "./avatar.js";

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

/** An SVG file of ours in the page. `look` shows the groups of class look-<look> and hides the other looks. */
export const Picture = {
  name: "OrPicture",
  props: { urls: Array, look: String, fit: { type: String, default: "xMidYMax meet" } },
  emits: ["missing", "loaded"],
  watch: {
    urls: { handler: "show", deep: true },
    look: "choose",
  },
  mounted() {
    this.show();
  },
  methods: {
    async show() {
      const wanted = this.urls.join(" ");
      let found = null;
      for (const url of this.urls) {
        found = await picture(url);
        if (found) break;
      }
      if (wanted !== this.urls.join(" ") || !this.$el) return;
      if (!found) {
        this.$emit("missing");
        return;
      }
      const copy = copyOf(found);
      copy.setAttribute("preserveAspectRatio", this.fit);
      copy.setAttribute("aria-hidden", "true");
      copy.removeAttribute("width");
      copy.removeAttribute("height");
      this.$el.replaceChildren(copy);
      // A picture says how wide it is on the stage, in its units: data-w.
      if (/^\d+(\.\d+)?$/.test(copy.dataset.w ?? "")) this.$el.closest(".thing")?.style.setProperty("--w", copy.dataset.w);
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

/** The drawing parameters of a character; a stand-in of its own until (or unless) its file is there. */
export function avatarOf(prefix, folder, card = {}) {
  const key = folder || "unknown";
  if (!avatars[key]) {
    avatars[key] = avatarArt(card.colour ? { clothes: { colour: card.colour } } : {}, key);
    fetch(`${prefix}/art/characters/${encodeURIComponent(key)}/avatar.json`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((given) => given && (avatars[key] = avatarArt(given, key)))
      .catch(() => null);
  }
  return avatars[key];
}
