// Who speaks, honestly: the words on the model chip.
import { t } from "./i18n.js";

/** { kind, text, detail } for the model in force and, while weights are on their way, how far they are. */
export function modelChip(model, status) {
  if (!model) return null;
  const part = status?.progress ?? status?.fraction ?? (status?.total ? status.done / status.total : undefined);
  if (status?.phase === "downloading" || (part !== undefined && part < 1)) {
    const percent = Math.round((part ?? 0) * 100);
    return { kind: "coming", text: t("model.coming", { percent }), detail: t("model.coming_detail", { name: model.name }) };
  }
  if (status?.phase === "loading" || status?.phase === "starting") return { kind: "coming", text: t("model.loading"), detail: model.detail ?? "" };
  const known = t(`model.${model.kind}`, { name: model.name });
  return { kind: model.kind, text: known.startsWith("model.") ? model.name : known, detail: model.detail || t(`model.${model.kind}_detail`, { name: model.name }) };
}
