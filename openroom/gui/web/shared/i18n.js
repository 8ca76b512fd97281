// The interface's words. Catalogues are flat JSON files beside this one; `t("key", { name })` fills {name}.
// A key may have plural forms: "lobby.here.one" and "lobby.here.other", chosen by the parameter n.
import { reactive } from "vue";

const state = reactive({ language: "en", words: {}, ready: false });
const rules = {};

export async function loadWords(language) {
  if (state.ready && state.language === language) return;
  const answer = await fetch(new URL(`./i18n/${language}.json`, import.meta.url));
  state.words = await answer.json();
  state.language = language;
  state.ready = true;
  document.documentElement.lang = language;
}

export function t(key, params = {}) {
  let words = state.words[key];
  if (words === undefined && params.n !== undefined) {
    rules[state.language] ??= new Intl.PluralRules(state.language);
    words = state.words[`${key}.${rules[state.language].select(params.n)}`] ?? state.words[`${key}.other`];
  }
  if (words === undefined) return key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Reasons of which the message says more than the catalogue can: what a thing says of itself. */
const DETAILED = new Set(["precondition", "not_allowed", "unknown_target", "unknown_verb", "bad_args", "prop_fault"]);

/** The words for a machine-readable reason; for some the message that came with it, if it is in the reader's language. */
export function because(reason, message = "", native = state.language === "en") {
  const words = state.words[`reason.${reason}`];
  if (message && DETAILED.has(reason) && (native || !words)) return message;
  return words ?? (message || state.words["reason.other"] || reason);
}

export const words = state;

/** The reader's own region of the language (en-GB), for times and dates. */
function region() {
  return navigator.languages.find((one) => one.split("-")[0] === state.language) ?? state.language;
}

const formats = {};

/** A form of times and dates: making one costs more than using it, and a talk has many times. */
function format(name, how) {
  const key = `${name} ${region()}`;
  return (formats[key] ??= new Intl.DateTimeFormat(region(), how));
}

export function clock(at) {
  return format("clock", { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** A moment, however long ago: of today the time, else the day and the time. */
export function moment(at) {
  const then = new Date(at);
  if (then.toDateString() === new Date().toDateString()) return clock(at);
  return format("moment", { dateStyle: "medium", timeStyle: "short" }).format(then);
}

export function ago(at) {
  const seconds = Math.round((at - Date.now()) / 1000);
  const format = new Intl.RelativeTimeFormat(state.language, { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return t("time.now");
}
