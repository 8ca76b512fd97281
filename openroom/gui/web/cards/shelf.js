// All characters, for those who make some: talk with one, choose its face, take it out as a card.
import { Avatar } from "../art/avatar.js";
import { avatarOf, redraw } from "../art/picture.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { CardDialog } from "./dialog.js";
import { ExportCard } from "./export.js";
import { FacePicker } from "./face_picker.js";
import { patient } from "./send.js";

const FIRST = 12;

export const Shelf = {
  name: "OrShelf",
  components: { Avatar, CardDialog, ExportCard, FacePicker },
  props: { prefix: String, newest: String },
  emits: ["choose", "opened", "loaded"],
  data: () => ({ characters: [], all: false, open: null, problem: "", going: "" }),
  computed: {
    /** Who came last stands first; then those who came on cards. */
    shown() {
      const rank = (one) => (one.id === this.newest ? 0 : one.card ? 1 : 2);
      const sorted = [...this.characters].sort((a, b) => rank(a) - rank(b));
      return this.all ? sorted : sorted.slice(0, FIRST);
    },
  },
  watch: {
    newest: "load",
    open(open) {
      this.$emit("opened", Boolean(open));
    },
  },
  created() {
    this.load();
  },
  methods: {
    t,
    art(one) {
      return avatarOf(this.prefix, one.art);
    },
    async load() {
      try {
        this.characters = (await api(`${this.prefix}/api/cards`)).characters;
        this.$nextTick(() => this.$emit("loaded"));
      } catch (error) {
        if (!error.words) throw error;
        this.problem = error.words;
      }
    },
    async talk(one) {
      this.going = one.id;
      this.problem = "";
      try {
        const { room } = await patient(() => api(`${this.prefix}/api/cards/${encodeURIComponent(one.id)}/room`, { method: "POST" }));
        location.href = `${this.prefix}/room/${encodeURIComponent(room)}`;
      } catch (error) {
        if (!error.words) throw error;
        Object.assign(this, { problem: error.words, going: "" });
      }
    },
    async chosen() {
      const { one } = this.open;
      this.open = null;
      await redraw(this.prefix, one.art);
    },
  },
  template: `
    <section class="shelf" :aria-label="t('shelf.title')">
      <div class="shelf-head"><h2>{{ t('shelf.title') }}</h2><button type="button" data-bring-more @click="$emit('choose')">{{ t('bring.button') }}</button></div>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <ul><li v-for="one in shown" :key="one.id" :data-shelved="one.id" :class="{ newest: one.id === newest }">
        <span class="face large" aria-hidden="true"><Avatar :art="art(one)" emotion="calm" crop still /></span>
        <span class="about"><b>{{ one.name }}</b><small>{{ one.line }}</small>
          <span class="acts"><button type="button" :disabled="going === one.id" :aria-label="t('bring.talk', { name: one.name })" @click="talk(one)">{{ t('shelf.talk') }}</button><button v-if="one.ours && art(one).species === 'portrait'" type="button" :aria-label="t('shelf.face_of', { name: one.name })" @click="open = { what: 'face', one }">{{ t('shelf.face') }}</button><button type="button" :aria-label="t('shelf.export_of', { name: one.name })" @click="open = { what: 'export', one }">{{ t('shelf.export') }}</button></span></span>
      </li></ul>
      <p v-if="characters.length > shown.length"><button type="button" class="quiet" @click="all = true">{{ t('shelf.all', { n: characters.length }) }}</button></p>
      <Teleport v-if="open" to=".lobby"><CardDialog :title="open.one.name" :eyebrow="t(open.what === 'face' ? 'face.choose' : 'export.title')" :wide="true" @close="open = null">
        <FacePicker v-if="open.what === 'face'" :prefix="prefix" :who="open.one.id" :art="art(open.one)" @done="chosen" @cancel="open = null" />
        <ExportCard v-else :prefix="prefix" :who="open.one.id"><button type="button" class="quiet" @click="open = null">{{ t('panel.close') }}</button></ExportCard>
      </CardDialog></Teleport>
    </section>`,
};
