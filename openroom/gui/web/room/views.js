// How things are shown: modules that the folders of their kinds bring (docs/developers.md), loaded where a room has them.
import { shallowReactive } from "vue";

const asked = new Set();
const views = shallowReactive({});

/** The module that shows things of this kind; none until it is there, or when it does not load. */
export function viewOf(prefix, kind) {
  if (kind && !asked.has(kind)) load(prefix, kind);
  return views[kind];
}

async function load(prefix, kind) {
  asked.add(kind);
  try {
    const module = await import(`${prefix}/props/${encodeURIComponent(kind)}/view.js`);
    if (module.style) document.head.append(Object.assign(document.createElement("style"), { textContent: module.style }));
    views[kind] = module;
  } catch (error) {
    console.error(`The view of ${kind} does not load: ${error}`);
  }
}
