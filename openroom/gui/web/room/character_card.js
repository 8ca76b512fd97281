// A character's card: who this is (as anybody may know), the mood that shows, and what it remembers about you.
import { Avatar } from "../art/avatar.js";
import { avatarOf } from "../art/picture.js";
import { ExportCard } from "../cards/export.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { named, spoken } from "./memories.js";
import { mayNudge } from "./room_model.js";
import { characterText } from "./texts.js";

export const CharacterCard = {
  name: "OrCharacterCard",
  components: { Avatar, ExportCard },
  props: { room: Object, prefix: String, who: String, watching: Boolean },
  emits: ["close", "act", "whisper"],
  data: () => ({ memories: null, correcting: "", text: "", trouble: "", exporting: false }),
  computed: {
    card() {
      return this.room.manifest.characters?.[this.who] ?? {};
    },
    person() {
      return this.room.shared.people?.[this.who] ?? {};
    },
    art() {
      return avatarOf(this.prefix, this.card.art || this.card.id, this.card);
    },
    mood() {
      const known = t(`emotion.${this.person.emotion}`);
      return known.startsWith("emotion.") ? this.person.emotion : known;
    },
    mayNudge() {
      return mayNudge(this.room) && !this.room.shared.run?.muted?.[this.who];
    },
    /** A card holds secrets: it is for those who make characters. */
    makes() {
      return ["creator", "operator"].includes(this.room.role);
    },
  },
  mounted() {
    this.$el.querySelector(".close").focus();
    this.load();
  },
  methods: {
    t,
    told(text) {
      return characterText(this.who, text);
    },
    address(id = "") {
      return `${this.prefix}/api/people/me/memories${id && `/${encodeURIComponent(id)}`}?character=${encodeURIComponent(this.card.id)}`;
    },
    /** Who said what to whom, as the reader would tell it. */
    lines(memory) {
      return spoken(memory.text, { character: this.person.name, reader: this.room.name, you: t("people.you") });
    },
    correct(memory) {
      this.correcting = memory.id;
      this.text = named(memory.text, this.person.name);
    },
    async load() {
      try {
        this.memories = (await api(this.address())).memories;
      } catch (error) {
        this.trouble = error.words;
      }
    },
    async change(memory, method, body) {
      this.trouble = "";
      try {
        await api(this.address(memory.id), { method, body });
      } catch (error) {
        this.trouble = error.words;
      }
      this.correcting = "";
      await this.load();
    },
  },
  template: `
    <section class="panel character-card" role="dialog" :aria-label="person.name" :data-card="who">
      <header><h2>{{ person.name }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <div class="card-head"><div class="portrait"><Avatar :art="art" :emotion="person.emotion" crop /></div>
        <div><p class="line-of">{{ told(card.line) }}</p><p v-if="card.appearance" class="hint">{{ told(card.appearance) }}</p><p v-if="person.emotion"><span class="mood">{{ t('card.mood', { mood }) }}</span></p><p v-if="card.attitude"><span class="mood">{{ t('card.attitude.' + card.attitude) }}</span></p></div></div>
      <div v-if="!watching" class="row"><button v-if="mayNudge" type="button" class="primary" @click="$emit('act', { do: 'nudge', character: who })">{{ t('people.nudge') }}</button><button type="button" @click="$emit('whisper', who)">{{ t('card.whisper') }}</button></div>
      <ExportCard v-if="exporting" :prefix="prefix" :who="card.id"><button type="button" class="quiet" @click="exporting = false">{{ t('panel.cancel') }}</button></ExportCard>
      <p v-else-if="makes"><button type="button" class="quiet" data-export-card @click="exporting = true">{{ t('export.title') }}</button></p>
      <p v-if="trouble" class="problem" role="alert">{{ trouble }}</p>
      <div v-if="memories" class="memories">
        <h3>{{ t('card.remembers', { name: person.name }) }}</h3>
        <p v-if="!memories.length" class="hint">{{ t('card.nothing') }}</p>
        <ul><li v-for="memory in memories" :key="memory.id" :data-memory="memory.id">
          <form v-if="correcting === memory.id" class="row" @submit.prevent="change(memory, 'PATCH', { text })"><input v-model="text" maxlength="400" :aria-label="t('card.correct')"><button type="submit" class="primary">{{ t('card.save') }}</button></form>
          <template v-else><span v-if="lines(memory).length" class="exchange"><span v-for="(line, at) in lines(memory)" :key="at"><b>{{ line.who }}</b> “{{ line.text }}” <small v-if="line.whispered">{{ t('card.whispered') }}</small></span></span><span v-else>{{ memory.text }}</span><span class="acts"><button type="button" @click="correct(memory)">{{ t('card.correct') }}</button><button type="button" @click="change(memory, 'DELETE')">{{ t('card.forget') }}</button></span></template>
        </li></ul>
      </div>
    </section>`,
};
