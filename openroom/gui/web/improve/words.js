// Small words that the Improve pages share: names of dimensions, shares, digests, dollars.
import { t, words } from "../shared/i18n.js";

/** A dimension in the reader's language; one we have no word for as its author named it. */
export const dimension = (name) => words.words["dimension." + name] ?? name.replaceAll("_", " ");

export const percent = (value) => new Intl.NumberFormat(words.language, { style: "percent", maximumFractionDigits: 0 }).format(value);

export const signed = (value) => (value === null || value === undefined ? "–" : new Intl.NumberFormat(words.language, { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 0 }).format(value));

export const short = (digest) => (digest ? digest.slice(0, 8) : "");

export const list = (names) => new Intl.ListFormat(words.language, { type: "conjunction" }).format(names);

/** Where a round stands; one that was recorded elsewhere waits for somebody else. */
export const stateOf = (state, recorded) => (recorded && state === "awaiting_approval" ? t("improve.waits") : t("improve.state." + state));

/** Who played, from a record's "kind:name:detail". */
export function modelOf(text) {
  const [kind, name, ...detail] = text.split(":");
  return [name && name !== kind ? `${name} (${kind})` : kind, detail.join(":")].filter(Boolean).join(", ");
}

export const spentOf = (spent) => (spent.usd ? t("improve.spent_usd", { n: spent.calls, usd: spent.usd.toFixed(2) }) : t("improve.spent", { n: spent.calls }));

/** Runs and rounds have an address in this page: #run/mira-1, #round/mira-1/2/improve, #taste/mira-1/2/improve. */
export const runHref = (run) => `#run/${encodeURIComponent(run)}`;
export const roundHref = (run, round) => `#round/${encodeURIComponent(run)}/${round.split("/").slice(1).join("/")}`;
export const tasteHref = (run, round) => roundHref(run, round).replace("#round", "#taste");

const SMALLEST = 0.001;

/** A share too small for whole percents: a p value. */
export function chance(p) {
  const format = new Intl.NumberFormat(words.language, { style: "percent", maximumSignificantDigits: 2 });
  return p < SMALLEST ? `< ${format.format(SMALLEST)}` : format.format(p);
}

/** What a tasting came to, in a sentence. */
export function tasted({ result, alpha }) {
  const told = { better: result.better, n: result.better + result.worse, p: chance(result.p), alpha: percent(alpha) };
  return t(result.passed ? "improve.taste.passed" : "improve.taste.lost", told);
}
