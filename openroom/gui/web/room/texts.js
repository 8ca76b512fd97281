// What authors wrote (names, labels, sentences), in the reader's language where there is a translation, else as it stands.
// The server sends it for a scene; a sentence in which names were filled in is known by the words around them.
import { reactive } from "vue";
import { t, words } from "../shared/i18n.js";

const state = reactive({ scene: {}, props: {}, characters: {} });
const patterns = new WeakMap();

export async function loadTexts(prefix, scene) {
  if (!scene || state.of === `${scene} ${words.language}`) return;
  const answer = await fetch(`${prefix}/api/scenes/${encodeURIComponent(scene)}/words?language=${encodeURIComponent(words.language)}`).catch(() => null);
  if (answer?.ok) Object.assign(state, await answer.json(), { of: `${scene} ${words.language}` });
}

export function sceneText(text) {
  return state.scene[text] ?? text;
}

export function characterText(id, text) {
  return state.characters[id.replace("character:", "")]?.[text] ?? text;
}

/** A label or sentence of a kind of prop. */
export function propText(kind, text) {
  const book = state.props[kind];
  return book && text ? filled(book, text) : text;
}

/** A thing's name: the scene's own for it, else its kind's. */
export function thingName(placed) {
  const { name } = placed;
  return state.scene[name] ?? state.props[placed.kind]?.texts[name] ?? name;
}

/** How a thing looks, in its author's words where the reader knows them, else by the word for its picture. */
export function lookOf(room, { kind, look, sight }) {
  const told = propText(kind, sight);
  if (sight && (told !== sight || words.language === (room.manifest.scene?.language ?? "en"))) return told;
  const known = look ? t(`look.${look}`) : "";
  return known.startsWith("look.") ? "" : known;
}

/** The stages of the scene's story: [{ id, title }]; one without a title is called by its id. */
export function stagesOf(room) {
  return (room.manifest.scene?.stages ?? []).map(({ id, title }) => ({ id, title: title ? sceneText(title) : id.replaceAll("_", " ") }));
}

/** What an event tells. */
export function tellingOf(room, event) {
  if (!event.prop) return sceneText(event.telling);
  const placed = room.shared.props?.[event.prop] ?? room.manifest.props?.[event.prop];
  return propText(placed?.kind, event.telling);
}

function filled(book, text) {
  if (book.texts[text] !== undefined) return book.texts[text];
  for (const { pattern, translation } of patternsOf(book)) {
    const found = pattern.exec(text)?.groups;
    if (!found) continue;
    return translation.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = found[name];
      return value === undefined ? whole : book.verbatim.includes(name) ? value : (book.texts[value] ?? value);
    });
  }
  return text;
}

/** The texts with names in braces, those with the most words of their own first. */
function patternsOf(book) {
  if (patterns.has(book)) return patterns.get(book);
  const made = Object.entries(book.texts)
    .filter(([text]) => /\{\w+\}/.test(text))
    .map(([text, translation]) => ({ pattern: patternOf(text), translation, own: text.replace(/\{\w+\}/g, "").length }))
    .sort((a, b) => b.own - a.own);
  patterns.set(book, made);
  return made;
}

function patternOf(text) {
  const seen = new Set();
  const parts = text.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (!name) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>[\\s\\S]*?)`;
  });
  return new RegExp(`^${parts.join("")}$`);
}
