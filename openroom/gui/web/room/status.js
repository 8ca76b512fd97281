// How the connection is, in words: at the door, and in the room while it is not as it should be.
import { t } from "../shared/i18n.js";

/** What the door says while it does not open. */
export function atTheDoor({ state }) {
  if (state === "offline") return t("banner.offline");
  if (state === "waiting") return t("lobby.restarting");
  return state === "connecting" ? t("entrance.knocking") : "";
}

/** { key, text, retry } for somebody inside; nothing while all is well. `why` is what the first break was said to be. */
export function inTheRoom({ state, again, retryAt }, why, now) {
  if (state === "offline") return { key: "offline", text: t("banner.offline") };
  if (state !== "waiting" && !(state === "connecting" && again)) return null;
  const key = why === "restarting" ? "restarting" : "reconnecting";
  const s = retryAt ? Math.max(1, Math.ceil((retryAt - now) / 1000)) : 0;
  return { key, text: t(`banner.${key}`) + (s ? ` ${t("banner.again_in", { s })}` : ""), retry: true };
}
