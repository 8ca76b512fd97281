// A character that its author has pictures of: one for each emotion, as far as there are any.
import { h } from "vue";
import { nearest } from "./expressions.js";

const [LEFT, TOP, WIDTH, HEIGHT] = [20, -12, 200, 452];

/** How a portrait stands in the figure's box: as wide as that, or as high, on the floor. `ratio` is its height by width. */
export function portraitArt(urls, ratio) {
  const width = Math.min(WIDTH, HEIGHT / ratio);
  return { species: "portrait", urls, width, height: width * ratio, size: 1, tall: Math.min(1, (width * ratio) / HEIGHT) };
}

/** The picture for an emotion: its own, that of the nearest one, the one for all, any. */
function urlFor({ urls }, emotion) {
  return urls[emotion] ?? urls[nearest(emotion)] ?? urls[""] ?? urls.calm ?? Object.values(urls)[0];
}

/** The children of the avatar's svg. In a small round frame the upper part is shown, where faces are. */
export function portrait(art, emotion, crop) {
  const href = urlFor(art, emotion);
  if (crop) return [h("g", { class: "head" }, [h("image", { href, x: 40, y: -4, width: 160, height: 200, preserveAspectRatio: "xMidYMin slice" })])];
  const place = { x: LEFT + (WIDTH - art.width) / 2, y: TOP + HEIGHT - art.height, width: art.width, height: art.height };
  return [h("g", { class: "body" }, [h("image", { class: "head", href, ...place, preserveAspectRatio: "xMidYMax meet", style: { clipPath: "inset(0 round 10px)" } })])];
}
