// Who speaks, honestly: the words on the model chip.
import { t } from "./i18n.js";

/** { kind, text, short, detail } for the model in force; while a local one is not ready, how far it is. */
export function modelChip(model) {
  if (!model) return null;
  const status = model.status;
  if (status?.state === "fetching") {
    const percent = status.total ? Math.floor((100 * status.done) / status.total) : 0;
    return { kind: "coming", text: t("model.coming", { percent }), short: `${percent} %`, detail: t("model.coming_detail") };
  }
  if (status?.state === "starting") return { kind: "coming", text: t("model.loading"), short: "…", detail: status.text };
  if (status?.state === "failed" || status?.state === "absent") return { kind: "failed", text: t("model.failed"), short: t("model.understudy_short"), detail: status.text };
  const known = t(`model.${model.kind}`, { name: model.name });
  return { kind: model.kind, text: known.startsWith("model.") ? model.name : known, short: model.kind === "understudy" ? t("model.understudy_short") : model.name, detail: model.detail || t(`model.${model.kind}_detail`) };
}
