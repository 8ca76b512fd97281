// Looking for words: in what one heard in a room, or (without a room) in all rooms one has been in.
import { api } from "../shared/api.js";
import { moment, t, words } from "../shared/i18n.js";

const PAUSE_MS = 220;

/** What a search has come to; whoever shows the panel keeps it, so that it is there again when the panel is. */
export function newSearch() {
  return { query: "", state: "idle", hits: [], more: false };
}

/** The parts of an excerpt: { text, hit }. Places are counted in characters, of which a string of JavaScript may need two units. */
export function partsOf(hit) {
  const chars = [...hit.text];
  const parts = [];
  let at = 0;
  for (const [start, end] of hit.marks) {
    parts.push({ text: chars.slice(at, start).join(""), hit: false }, { text: chars.slice(start, end).join(""), hit: true });
    at = end;
  }
  parts.push({ text: chars.slice(at).join(""), hit: false });
  if (hit.from > 0) parts.unshift({ text: "… ", hit: false });
  if (hit.from + chars.length < hit.of) parts.push({ text: " …", hit: false });
  return parts.filter((part) => part.text);
}

export const SearchPanel = {
  name: "OrSearchPanel",
  props: { prefix: String, roomId: { type: String, default: "" }, search: Object, you: { type: String, default: "" } },
  emits: ["close", "go", "link"],
  computed: {
    told() {
      const { state, hits, more } = this.search;
      if (state === "found") return more ? t("search.found_more", { n: hits.length }) : t("search.found", { n: hits.length });
      if (state === "idle") return t(this.roomId ? "search.hint" : "search.hint_all");
      return t(`search.${state}`);
    },
  },
  mounted() {
    this.$refs.field.focus();
    this.$refs.field.select();
  },
  beforeUnmount() {
    clearTimeout(this.timer);
    this.asked = null; // an answer that comes now is nobody's
  },
  methods: {
    t, moment, partsOf,
    name(hit) {
      if (hit.who === "system") return "";
      return hit.who === this.you ? t("people.you") : hit.name || t("search.somebody");
    },
    typed() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE_MS);
    },
    now() {
      clearTimeout(this.timer);
      this.look();
    },
    /** Ask; of answers that cross each other only the newest counts. */
    async look(before = 0) {
      const query = this.search.query.trim();
      const asked = (this.asked = {});
      if (!query) {
        Object.assign(this.search, newSearch(), { query: this.search.query });
        return;
      }
      if (!before) this.search.state = "searching";
      const where = this.roomId ? `rooms/${encodeURIComponent(this.roomId)}/search` : "search";
      const asking = new URLSearchParams({ q: query.slice(0, 200), ...(this.roomId ? {} : { language: words.language }), ...(before ? { before } : {}) });
      try {
        const answer = await api(`${this.prefix}/api/${where}?${asking}`);
        if (asked !== this.asked) return;
        const hits = before ? [...this.search.hits, ...answer.hits] : answer.hits;
        Object.assign(this.search, { hits, more: answer.more, state: answer.too_short ? "short" : hits.length ? "found" : "none" });
      } catch (error) {
        if (asked === this.asked) Object.assign(this.search, { state: error.status === 429 ? "busy" : "offline", hits: before ? this.search.hits : [] });
      }
    },
    earlier() {
      this.look(this.search.hits[this.search.hits.length - 1].seq);
    },
    /** The arrows go through the field and the hits. */
    step(event, by) {
      const stops = [this.$refs.field, ...this.$el.querySelectorAll(".hit")];
      const next = stops[stops.indexOf(document.activeElement) + by];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    },
  },
  template: `
    <section class="panel search-panel" role="dialog" :aria-label="t(roomId ? 'search.open' : 'search.open_all')" :data-search="search.state" @keydown.down="step($event, 1)" @keydown.up="step($event, -1)">
      <header><h2>{{ t(roomId ? 'search.open' : 'search.open_all') }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <form role="search" @submit.prevent="now"><input ref="field" v-model="search.query" type="search" maxlength="200" autocomplete="off" enterkeyhint="search" :aria-label="t('search.field')" :placeholder="t('search.field')" @input="typed"></form>
      <p class="hint told-of" role="status">{{ told }} <button v-if="search.state === 'offline' || search.state === 'busy'" type="button" class="link" @click="now">{{ t('banner.now') }}</button></p>
      <ol v-if="search.hits.length" class="hits">
        <li v-for="hit in search.hits" :key="(hit.room || '') + hit.seq" :data-hit="hit.seq">
          <button type="button" class="hit" @click="$emit('go', hit)">
            <span class="hit-head"><b v-if="name(hit)">{{ name(hit) }}</b><span v-if="hit.whisper" class="badge">{{ t('search.whisper') }}</span><span v-if="hit.room" class="hit-room">{{ hit.title }}</span><time :datetime="new Date(hit.at).toISOString()">{{ moment(hit.at) }}</time></span>
            <span class="hit-text" :class="{ telling: hit.kind !== 'said' }"><template v-for="(part, at) in partsOf(hit)" :key="at"><mark v-if="part.hit">{{ part.text }}</mark><template v-else>{{ part.text }}</template></template></span>
          </button>
        </li>
      </ol>
      <button v-if="roomId && search.more && search.state === 'found'" type="button" data-more @click="earlier">{{ t('search.more') }}</button>
    </section>`,
};
