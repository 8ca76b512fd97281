// Written things: notes on a thing, the pages of a diary.
import { nextTick } from "vue";
import { api } from "../shared/api.js";
import { t, words } from "../shared/i18n.js";
import { EraseSure } from "./erase_sure.js";
import { nameOf, runs } from "./room_model.js";

/** The events to erase, newest first: the one that wrote what stands there, and the earlier wordings of the same page. */
function wrote(entry, writings) {
  const now = writings.find(({ words: texts }) => texts.includes(entry.text));
  const first = entry.id && writings.find(({ at, by }) => at === entry.at && by === entry.by);
  const earlier = first ? writings.filter(({ seq, about }) => seq === first.seq || (seq > first.seq && about.entry === entry.id)) : [];
  return [...new Set([now, ...earlier].filter(Boolean).map(({ seq }) => seq))].sort((a, b) => b - a);
}

export const Pages = {
  name: "OrPages",
  components: { EraseSure },
  props: { state: Object, room: Object, kind: String, prop: String, prefix: String, roomId: String, watching: Boolean },
  emits: ["erase", "trouble"],
  data: () => ({ erasing: null }),
  computed: {
    entries() {
      const given = this.state.entries ?? this.state.notes ?? [];
      const list = Array.isArray(given) ? given : Object.entries(given).map(([id, entry]) => ({ ...entry, id })).sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
      return list.map((entry) => (typeof entry === "string" ? { text: entry } : entry));
    },
  },
  methods: {
    t,
    by(entry) {
      return entry.name ?? (entry.by ? nameOf(this.room, entry.by) : "");
    },
    /** A page is signed with an id, a note with a name; names tell people in a room apart. */
    isMine(entry) {
      return entry.by === this.room.you || (!entry.id && entry.by === nameOf(this.room, this.room.you));
    },
    mayErase(entry) {
      return !this.watching && (this.isMine(entry) || runs(this.room));
    },
    keep(index) {
      this.erasing = null;
      nextTick(() => this.$el.querySelectorAll("li")[index]?.querySelector(".words")?.focus());
    },
    /** A page does not say which event wrote it, so the server is asked; of a page that was changed every wording goes. */
    async erase(entry) {
      this.erasing = null;
      try {
        const { writings } = await api(`${this.prefix}/api/rooms/${encodeURIComponent(this.roomId)}/writings?prop=${encodeURIComponent(this.prop)}`);
        const seqs = wrote(entry, writings);
        if (seqs.length) this.$emit("erase", seqs);
        else this.$emit("trouble", t("erase.nobody_wrote"));
      } catch (error) {
        if (!error.words) throw error;
        this.$emit("trouble", error.words);
      }
    },
    about(entry) {
      const mood = entry.mood ? t(`emotion.${entry.mood}`) : "";
      const day = entry.at ? new Date(entry.at).toLocaleDateString(words.language, { day: "numeric", month: "short" }) : "";
      return [this.by(entry), mood, day].filter(Boolean).join(" · ");
    },
  },
  template: `
    <div class="pages" :class="kind">
      <p v-if="!entries.length" class="hint">{{ t('pages.empty') }}</p>
      <ol v-else><li v-for="(entry, index) in entries" :key="index" :class="{ mine: isMine(entry) }"><p class="entry-text">{{ entry.text }}</p><p v-if="about(entry)" class="entry-by">{{ about(entry) }}</p>
        <EraseSure v-if="erasing === index" @yes="erase(entry)" @no="keep(index)" />
        <p v-else-if="mayErase(entry)" class="entry-tools"><button type="button" class="link words" @click="erasing = index">{{ t('talk.erase') }}</button></p></li></ol>
    </div>`,
};
