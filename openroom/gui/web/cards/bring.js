// A card comes in: on its way, refused with plain words, known from before, or here, with what was on it, what came of it, and what is next.
import { Avatar } from "../art/avatar.js";
import { avatarOf, redraw } from "../art/picture.js";
import { api, ApiError } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { CardDialog } from "./dialog.js";
import { DraftCard } from "./draft.js";
import { ExportCard } from "./export.js";
import { FacePicker } from "./face_picker.js";
import { CardReport } from "./report.js";
import { MOST_BYTES, patient, sendFile } from "./send.js";

const PLAIN = new Set(["too_large", "card", "empty", "busy", "settings", "definition", "not_allowed", "unreachable"]);
const MEGA = 1024 * 1024;
/** Of a name in a list so many signs are shown. */
const MOST_LISTED = 48;

export const BringCard = {
  name: "OrBringCard",
  components: { Avatar, CardDialog, CardReport, DraftCard, ExportCard, FacePicker },
  props: { prefix: String, file: Object, may: Boolean, waiting: Number },
  emits: ["close", "next", "see", "came"],
  data: () => ({ state: "sending", share: 0, made: null, there: null, given: null, shelf: [], whose: "", problem: "", detail: "", part: "", going: false }),
  computed: {
    /** Who came on this card: now, or before. */
    who() {
      return this.made ?? this.there;
    },
    art() {
      return this.who && avatarOf(this.prefix, this.who.id);
    },
    pictured() {
      return this.art?.species === "portrait";
    },
    title() {
      if (this.who) return this.who.name;
      if (this.state === "book" || this.given) return t("bring.book");
      return this.may ? t(this.state === "failed" ? "bring.failed" : "bring.coming") : t("bring.may_not");
    },
    facts() {
      const { card } = this.made;
      const found = [t("bring.kind", { format: card.format.toUpperCase(), n: card.spec })];
      if (card.greetings) found.push(t("bring.greetings", { n: card.greetings }));
      if (card.lore) found.push(t("bring.lore", { n: card.lore }));
      const pictures = card.assets.filter(({ type }) => type === "emotion" || type === "expression").length;
      if (pictures) found.push(t("bring.emotions", { n: pictures }));
      return found.join(" · ");
    },
    megabytes() {
      return (this.file.size / MEGA).toLocaleString(undefined, { maximumFractionDigits: 1 });
    },
  },
  created() {
    if (this.may) this.send();
    else this.state = "may_not";
  },
  beforeUnmount() {
    this.gone = true;
    this.sending?.stop();
  },
  watch: {
    /** Back from a part, the focus is where one went there from. */
    part: {
      flush: "post",
      handler(part, from) {
        if (!part) this.$refs[from]?.focus();
      },
    },
  },
  methods: {
    t,
    /** `again`: as one more character, where one came on this card before. */
    async send(again = false) {
      Object.assign(this, { state: "sending", share: 0, there: null, problem: "", detail: "" });
      try {
        if (!this.file.size) throw new ApiError(422, "empty", "");
        if (this.file.size > MOST_BYTES) throw new ApiError(413, "too_large", "");
        const called = encodeURIComponent(this.file.name.replace(/\.\w+$/, "").slice(0, 200));
        this.sending = sendFile(`${this.prefix}/api/cards?called=${called}${again ? "&again=true" : ""}`, this.file, (share) => (this.share = share));
        const made = await this.sending.done;
        await redraw(this.prefix, made.id);
        Object.assign(this, { made, state: "here" });
        this.$emit("came", made);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.reason === "stopped") return;
        if (error.reason === "card_here") return this.known(error.answer.character);
        if (error.reason === "lorebook") return this.ask();
        Object.assign(this, { state: "failed", problem: PLAIN.has(error.reason) ? t(`bring.error.${error.reason}`, { why: error.message }) : error.words, detail: error.message });
      }
      this.sending = null;
    },
    /** It is a lorebook by itself: whose will it be? */
    async ask() {
      const { characters } = await api(`${this.prefix}/api/cards`).catch(() => ({ characters: [] }));
      Object.assign(this, { shelf: characters, whose: "", state: "book", sending: null });
    },
    async give() {
      Object.assign(this, { going: true, problem: "" });
      try {
        const to = encodeURIComponent(`character:${this.whose}`);
        this.given = await patient(() => sendFile(`${this.prefix}/api/cards?to=${to}`, this.file, () => {}).done, () => !this.gone);
        this.state = "given";
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = t("bring.book_not", { why: error.message });
      }
      this.going = false;
    },
    /** A character in the list of them: two of one name are told apart. */
    called(one) {
      return this.shelf.filter((other) => other.name === one.name).length > 1 ? `${one.name} (${one.id})` : one.name;
    },
    /** A list opens as wide as its longest name. */
    short(name) {
      return name.length > MOST_LISTED ? `${name.slice(0, MOST_LISTED - 1).trimEnd()}…` : name;
    },
    /** The card came before: whoever came on it then is offered. */
    async known(id) {
      const shelf = await api(`${this.prefix}/api/cards`).catch(() => ({ characters: [] }));
      const there = shelf.characters.find((one) => one.id === id) ?? { id, name: id };
      Object.assign(this, { there, state: "known", sending: null });
      this.$emit("came", there);
    },
    /** What was told when it came in, with its draft, face and folder: the same as then. */
    async tellAgain() {
      this.problem = "";
      try {
        const made = await patient(() => api(`${this.prefix}/api/cards/${encodeURIComponent(this.there.id)}/import`), () => !this.gone);
        Object.assign(this, { made, state: "here" });
      } catch (error) {
        if (!error.words) throw error;
        this.problem = error.words;
      }
    },
    async talk() {
      this.going = true;
      this.problem = "";
      try {
        const { room } = await patient(() => api(`${this.prefix}/api/cards/${encodeURIComponent(this.who.id)}/room`, { method: "POST" }), () => !this.gone);
        if (this.gone) return;
        location.href = `${this.prefix}/room/${encodeURIComponent(room)}`;
      } catch (error) {
        if (!error.words) throw error;
        Object.assign(this, { problem: error.words, going: false });
      }
    },
    async chosen() {
      this.part = "";
      await redraw(this.prefix, this.made.id);
    },
  },
  template: `
    <CardDialog :title="title" :eyebrow="who ? t(there ? 'bring.known' : 'bring.here') : file.name" :wide="who !== null" :data-bring="state" @close="$emit('close')">
      <template v-if="state === 'may_not'"><p>{{ t('bring.who_may') }}</p><p class="hint">{{ t('bring.who_may_hint') }}</p><div class="row"><button type="button" @click="$emit('close')">{{ t('panel.close') }}</button></div></template>
      <template v-else-if="state === 'sending'">
        <p class="hint" role="status">{{ t(share < 1 ? 'bring.sending' : 'bring.reading', { size: megabytes }) }}</p>
        <progress :value="share < 1 ? share : null" max="1" :aria-label="t('bring.coming')"></progress>
        <div class="row"><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.cancel') }}</button></div>
      </template>
      <template v-else-if="state === 'failed'">
        <p class="problem" role="alert" data-problem>{{ problem }}</p>
        <details v-if="detail && !problem.includes(detail)" class="card-detail" open><summary>{{ t('bring.detail') }}</summary><p>{{ detail }}</p></details>
        <div class="row"><button v-if="waiting" type="button" class="primary" @click="$emit('next')">{{ t('bring.next', { n: waiting }) }}</button><button type="button" @click="$emit('close')">{{ t('panel.close') }}</button></div>
      </template>
      <form v-else-if="state === 'book'" data-book @submit.prevent="give">
        <p>{{ t('bring.book_whose') }}</p>
        <label class="whose">{{ t('bring.book_to') }} <select v-model="whose" required><option value="" disabled></option><option v-for="one in shelf" :key="one.id" :value="one.id" :title="called(one)">{{ short(called(one)) }}</option></select></label>
        <p v-if="problem" class="problem" role="alert" data-problem>{{ problem }}</p>
        <div class="row"><button type="submit" class="primary" :disabled="!whose || going" data-give>{{ t('bring.book_give') }}</button><button type="button" class="quiet" @click="$emit('close')">{{ t('panel.cancel') }}</button></div>
      </form>
      <template v-else-if="state === 'given'">
        <p role="status" data-given>{{ t('bring.book_given', { name: called(shelf.find((one) => one.id === given.id)) }) }}</p>
        <CardReport :report="given.report" />
        <div class="row"><button v-if="waiting" type="button" class="primary" @click="$emit('next')">{{ t('bring.next', { n: waiting }) }}</button><button type="button" @click="$emit('close')">{{ t('panel.close') }}</button></div>
      </template>
      <template v-else-if="state === 'known'">
        <div class="bring-head">
          <div class="bring-picture" :class="{ drawn: !pictured }"><img v-if="pictured" :src="art.urls[''] ?? Object.values(art.urls)[0]" alt=""><Avatar v-else :art="art" emotion="calm" crop still /></div>
          <div class="bring-about"><p data-known>{{ t('bring.known_text', { name: there.name }) }}</p><p class="hint">{{ t('bring.known_hint') }}</p><p><button type="button" class="link" data-tell-again @click="tellAgain">{{ t('bring.tell_again') }}</button></p></div>
        </div>
        <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
        <div class="row bring-next"><button type="button" class="primary big" :disabled="going" data-talk :title="there.name" @click="talk"><span class="clamped">{{ t('bring.talk', { name: there.name }) }}</span></button>
          <button v-if="waiting" type="button" @click="$emit('next')">{{ t('bring.next', { n: waiting }) }}</button><button v-else type="button" data-see @click="$emit('see')">{{ t('bring.see') }}</button><button type="button" data-again @click="send(true)">{{ t('bring.again') }}</button></div>
      </template>
      <template v-else>
        <FacePicker v-if="part === 'face'" :prefix="prefix" :who="made.id" :art="art" @done="chosen" @cancel="part = ''" />
        <ExportCard v-else-if="part === 'export'" :prefix="prefix" :who="made.id"><button type="button" class="quiet" @click="part = ''">{{ t('bring.back') }}</button></ExportCard>
        <DraftCard v-else-if="part === 'draft'" :prefix="prefix" :who="made.id"><button type="button" class="quiet" @click="part = ''">{{ t('bring.back') }}</button></DraftCard>
        <template v-else>
          <div class="bring-head">
            <div class="bring-picture" :class="{ drawn: !pictured }"><img v-if="pictured" :src="art.urls[''] ?? Object.values(art.urls)[0]" alt=""><Avatar v-else :art="art" emotion="calm" crop still /></div>
            <div class="bring-about">
              <p v-if="made.card.creator" class="line-of">{{ t('bring.by', { name: made.card.creator }) }}</p><p class="hint">{{ facts }}</p>
              <ul v-if="made.card.tags.length" class="tags" :aria-label="t('bring.tags')"><li v-for="tag in made.card.tags.slice(0, 12)" :key="tag">{{ tag }}</li></ul>
              <div v-if="pictured" class="bring-face"><span class="face large" aria-hidden="true"><Avatar :art="art" emotion="calm" crop still /></span><button type="button" ref="face" data-choose-face @click="part = 'face'">{{ t('face.choose') }}</button></div>
            </div>
          </div>
          <section v-if="made.card.creator_notes" class="bring-notes"><h3>{{ t('bring.notes') }}</h3><p tabindex="0" data-notes>{{ made.card.creator_notes }}</p></section>
          <CardReport :report="made.report" />
          <p class="hint">{{ t('draft.offer') }} <button type="button" ref="draft" class="link" data-draft-open @click="part = 'draft'">{{ t('draft.open') }}</button></p>
          <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
          <p v-if="made.folder" class="hint">{{ t('bring.folder') }} <code class="bring-folder" data-folder>{{ made.folder }}</code></p>
          <p class="hint">{{ t('bring.room_hint', { name: made.name }) }}</p>
          <div class="row bring-next"><button type="button" class="primary big" :disabled="going" data-talk :title="made.name" @click="talk"><span class="clamped">{{ t('bring.talk', { name: made.name }) }}</span></button>
            <button v-if="waiting" type="button" @click="$emit('next')">{{ t('bring.next', { n: waiting }) }}</button><button v-else type="button" data-see @click="$emit('see')">{{ t('bring.see') }}</button><button ref="export" type="button" data-export-card @click="part = 'export'">{{ t('export.title') }}</button></div>
        </template>
      </template>
    </CardDialog>`,
};
