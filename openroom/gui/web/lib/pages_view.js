// Written things: the notes of a notice board, the pages of a diary.
import { nameOf } from "./room_model.js";
import { t } from "./i18n.js";

export const Pages = {
  name: "OrPages",
  props: { state: Object, room: Object, kind: String },
  computed: {
    entries() {
      const list = this.state.entries ?? this.state.pages ?? this.state.notes ?? [];
      return (Array.isArray(list) ? list : []).map((entry) => (typeof entry === "string" ? { text: entry } : entry));
    },
  },
  methods: {
    t,
    by(entry) {
      const who = entry.who ?? entry.by ?? entry.author ?? "";
      return entry.name ?? (who ? nameOf(this.room, who) : "");
    },
    words: (entry) => entry.text ?? entry.words ?? entry.body ?? "",
  },
  template: `
    <div class="pages" :class="kind">
      <p v-if="!entries.length" class="hint">{{ t('pages.empty') }}</p>
      <ol v-else><li v-for="(entry, index) in entries" :key="index"><p v-if="entry.title" class="entry-title">{{ entry.title }}</p><p class="entry-text">{{ words(entry) }}</p><p v-if="by(entry) || entry.mood" class="entry-by">{{ by(entry) }}<template v-if="entry.mood"> · {{ entry.mood }}</template></p></li></ol>
    </div>`,
};
