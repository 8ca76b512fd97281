// The evening as this person perceived it, as Markdown to keep or share.
import { clock, t } from "../shared/i18n.js";
import { nameOf } from "./room_model.js";
import { sceneText, tellingOf } from "./texts.js";

export function transcript(room) {
  const scene = room.manifest.scene ?? {};
  const lines = [`# ${sceneText(room.shared.scene?.title ?? scene.title ?? "")}`, "", sceneText(scene.line ?? ""), ""];
  if (room.log.length) lines.push(`*${new Date(room.log[0].at).toLocaleDateString()}*`, "");
  for (const event of room.log) lines.push(...one(room, event));
  return `${lines.join("\n")}\n`;
}

function one(room, event) {
  if (event.erased || room.erased[event.seq]) return [];
  if (event.kind === "said") {
    const aside = event.to ? ` *(${t("talk.whisper_to", { name: event.to.map((who) => nameOf(room, who)).join(", ") })})*` : "";
    return [`**${plain(nameOf(room, event.actor))}**${aside} (${clock(event.at)}): ${plain(event.text)}${event.cut ? " —" : ""}`, ""];
  }
  if (event.kind === "entered") return [`*${plain(t("log.entered", { name: event.name }))}*`, ""];
  if (event.kind === "left") return [`*${plain(t(`log.left.${event.how}`, { name: event.name }))}*`, ""];
  return event.telling ? [`*${plain(tellingOf(room, event))}*`, ""] : [];
}

/** Words of others must not become markup in somebody's Markdown viewer. */
function plain(text) {
  return String(text).replace(/[\\`*_{}[\]<>#|!]/g, "\\$&").replaceAll("\n", "  \n");
}
