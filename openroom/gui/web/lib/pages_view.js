// Written things: the notes of a notice board, the pages of a diary.
import { t, words } from "./i18n.js";
import { nameOf } from "./room_model.js";

export const Pages = {
  name: "OrPages",
  props: { state: Object, room: Object, kind: String },
  computed: {
    entries() {
      const given = this.state.entries ?? this.state.notes ?? [];
      const list = Array.isArray(given) ? given : Object.values(given).sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
      return list.map((entry) => (typeof entry === "string" ? { text: entry } : entry));
    },
  },
  methods: {
    t,
    by(entry) {
      return entry.name ?? (entry.by ? nameOf(this.room, entry.by) : "");
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
      <ol v-else><li v-for="(entry, index) in entries" :key="index" :class="{ mine: entry.by === room.you }"><p class="entry-text">{{ entry.text }}</p><p v-if="about(entry)" class="entry-by">{{ about(entry) }}</p></li></ol>
    </div>`,
};
