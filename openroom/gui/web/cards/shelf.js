// All characters, for those who make some: talk with one, and see to its card.
import { Avatar } from "../art/avatar.js";
import { avatarOf, redraw } from "../art/picture.js";
import { api, ApiError } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { CardOf } from "./card_of.js";
import { patient } from "./send.js";

const FIRST = 12;

export const Shelf = {
  name: "OrShelf",
  components: { Avatar, CardOf },
  props: { prefix: String, newest: String },
  emits: ["choose", "opened", "loaded", "changed"],
  data: () => ({ characters: [], all: false, open: null, problem: "", going: "", gone: null, told: "" }),
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
    /** It lies in the bin: from here it can be put back until the page is left, later by the command line. */
    async removed(folder) {
      Object.assign(this, { gone: { ...this.open, folder }, open: null, told: "", problem: "" });
      await this.load();
      this.$emit("changed");
      this.$nextTick(() => this.$refs.gone?.focus());
    },
    async putBack() {
      const { id, name, art } = this.gone;
      try {
        await patient(() => api(`${this.prefix}/api/cards/${encodeURIComponent(id)}/restore`, { method: "POST" }));
        Object.assign(this, { gone: null, problem: "", told: t("remove.is_back", { name }) });
        await redraw(this.prefix, art);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error.words;
      }
      await this.load();
      this.$emit("changed");
    },
  },
  template: `
    <section class="shelf" :aria-label="t('shelf.title')">
      <div class="shelf-head"><h2>{{ t('shelf.title') }}</h2><button type="button" data-bring-more @click="$emit('choose')">{{ t('bring.button') }}</button></div>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <div v-if="gone" ref="gone" class="lobby-note shelf-gone" role="status" tabindex="-1" data-gone><span class="clamped" :title="gone.name">{{ t('remove.done', { name: gone.name }) }}</span> <button type="button" data-put-back @click="putBack">{{ t('remove.back') }}</button>
        <small v-if="gone.folder" class="hint">{{ t('remove.where') }} <code class="bring-folder">{{ gone.folder }}</code></small></div>
      <p v-else-if="told" class="lobby-note" role="status" data-is-back>{{ told }}</p>
      <ul><li v-for="one in shown" :key="one.id" :data-shelved="one.id" :class="{ newest: one.id === newest }">
        <span class="face large" aria-hidden="true"><Avatar :art="art(one)" emotion="calm" crop still /></span>
        <span class="about"><b class="clamped" :title="one.name">{{ one.name }}</b><small>{{ one.line }}</small>
          <span class="acts"><button type="button" :disabled="going === one.id" :aria-label="t('bring.talk', { name: one.name })" @click="talk(one)">{{ t('shelf.talk') }}</button><button type="button" data-card :aria-label="t('shelf.card_of', { name: one.name })" @click="open = one">{{ t('shelf.card') }}</button></span></span>
      </li></ul>
      <p v-if="characters.length > shown.length"><button type="button" class="quiet" @click="all = true">{{ t('shelf.all', { n: characters.length }) }}</button></p>
      <Teleport v-if="open" to=".lobby"><CardOf :prefix="prefix" :one="open" :art="art(open)" @close="open = null" @removed="removed" /></Teleport>
    </section>`,
};
