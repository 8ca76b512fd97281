// Taking the talk of a room along as a file, and bringing one from elsewhere as a room's past.
import { api, download } from "../shared/api.js";
import { t, words } from "../shared/i18n.js";

/** Keep the talk as a file: "markdown" to read, "jsonl" as SillyTavern reads it. */
export function takeTalk(prefix, roomId, form) {
  const asking = new URLSearchParams({ format: form, zone: String(-new Date().getTimezoneOffset()), language: words.language });
  return download(`${prefix}/api/rooms/${encodeURIComponent(roomId)}/talk?${asking}`);
}

/** Make a chat the past of a room; in words, what came of it. */
export async function bringTalk(prefix, roomId, file) {
  const done = await api(`${prefix}/api/rooms/${encodeURIComponent(roomId)}/past`, { method: "POST", file });
  const lost = Object.entries(done.lost).map(([what, n]) => t(`past.lost.${what}`, { n }));
  return [t("past.came", { n: done.lines }), ...(lost.length ? [t("past.lost_all", { what: lost.join(", ") })] : [])].join(" ");
}

/** Why a file did not come in: the server names the line and what it expected there, in English. */
export function whyNotBrought(error) {
  return error.reason === "definition" ? t("past.broken", { what: error.message }) : error.words;
}
