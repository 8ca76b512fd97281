// What can be done with the card of a character: take it out, choose its face, read what came of it, its draft, remove it.
import { redraw } from "../art/picture.js";
import { api, ApiError } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { CardDialog } from "./dialog.js";
import { DraftCard } from "./draft.js";
import { ExportCard } from "./export.js";
import { FacePicker } from "./face_picker.js";
import { CardReport } from "./report.js";
import { patient } from "./send.js";

export const CardOf = {
  name: "OrCardOf",
  components: { CardDialog, CardReport, DraftCard, ExportCard, FacePicker },
  props: { prefix: String, one: Object, art: Object },
  emits: ["close", "removed"],
  data: () => ({ part: "export", came: null, problem: "", going: false }),
  computed: {
    path() {
      return `${this.prefix}/api/cards/${encodeURIComponent(this.one.id)}`;
    },
    /** A face and a report only where there is one; what came with openroom is nobody's to remove. */
    parts() {
      const { card, ours } = this.one;
      const there = { export: true, face: ours && this.art.species === "portrait", report: card, draft: true, remove: ours };
      return Object.keys(there).filter((part) => there[part]);
    },
  },
  watch: {
    part() {
      this.problem = "";
      if (this.part === "report" && !this.came) this.tell();
    },
  },
  methods: {
    t,
    async asked(path, method, done) {
      this.problem = "";
      try {
        done(await patient(() => api(path, { method })));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error.reason === "card_in_use" ? t("remove.in_use", { name: this.one.name, rooms: (error.answer.rooms ?? []).join(", ") }) : error.words;
      }
    },
    tell() {
      return this.asked(`${this.path}/import`, "GET", (came) => (this.came = came));
    },
    async remove() {
      this.going = true;
      await this.asked(this.path, "DELETE", ({ folder }) => this.$emit("removed", folder ?? ""));
      this.going = false;
    },
    async chosen() {
      this.$emit("close");
      await redraw(this.prefix, this.one.art);
    },
  },
  template: `
    <CardDialog :title="one.name" :eyebrow="t('shelf.card')" :wide="true" data-card-of @close="$emit('close')">
      <div class="row card-parts" role="group" :aria-label="t('shelf.card_of', { name: one.name })"><button v-for="name in parts" :key="name" type="button" :aria-pressed="part === name ? 'true' : 'false'" :data-of="name" @click="part = name">{{ t('shelf.' + name) }}</button></div>
      <p v-if="problem" class="problem" role="alert" data-problem>{{ problem }}</p>
      <FacePicker v-if="part === 'face'" :prefix="prefix" :who="one.id" :art="art" @done="chosen" @cancel="$emit('close')" />
      <template v-else-if="part === 'report'">
        <p v-if="!came && !problem" class="hint" role="status">{{ t('bring.reading_again') }}</p>
        <template v-if="came"><CardReport :report="came.report" open /><p v-if="came.folder" class="hint">{{ t('bring.folder') }} <code class="bring-folder" data-folder>{{ came.folder }}</code></p></template>
        <div class="row"><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.close') }}</button></div>
      </template>
      <DraftCard v-else-if="part === 'draft'" :prefix="prefix" :who="one.id"><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.close') }}</button></DraftCard>
      <template v-else-if="part === 'remove'">
        <p data-remove-about>{{ t('remove.about', { name: one.name }) }}</p><p class="hint">{{ t('remove.hint') }}</p>
        <div class="row"><button type="button" class="danger" :disabled="going" data-remove :title="one.name" @click="remove"><span class="clamped">{{ t('remove.do', { name: one.name }) }}</span></button><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.cancel') }}</button></div>
      </template>
      <ExportCard v-else :prefix="prefix" :who="one.id"><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.close') }}</button></ExportCard>
    </CardDialog>`,
};
