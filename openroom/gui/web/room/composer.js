// Where a person writes: draft kept over reloads, Enter sends, whisper, suggestions, Stop.
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { visit } from "../shared/keep.js";
import { here } from "./room_model.js";
import { suggest } from "./suggest.js";
import { sceneText } from "./texts.js";

const TYPING_MS = 4000;
const MOST_CHARACTERS = 4000;

export const Composer = {
  name: "OrComposer",
  props: { room: Object, roomId: String, connected: Boolean, watching: Boolean },
  emits: ["say", "stop", "typing", "join"],
  data: () => ({ text: "", to: "" }),
  computed: {
    key() {
      return `openroom.draft.${this.roomId}`;
    },
    others() {
      return here(this.room).filter((one) => one.id !== this.room.you && one.kind !== "spectator");
    },
    busy() {
      return Object.keys(this.room.turns).length > 0;
    },
    suggestions() {
      if (this.text || this.busy) return [];
      const mine = this.room.log.filter((event) => event.kind === "said" && event.actor === this.room.you);
      if (mine.length === 0) return (this.room.manifest.scene?.suggestions ?? []).slice(0, 3).map(sceneText).map((text) => ({ text, say: text }));
      return suggest(this.room, mine.length);
    },
  },
  watch: {
    text(now) {
      visit.set(this.key, now);
      this.grow();
    },
    others(now) {
      if (this.to && !now.some((one) => one.id === this.to)) this.to = "";
    },
  },
  mounted() {
    this.text = visit.get(this.key, "");
  },
  beforeUnmount() {
    clearTimeout(this.timer);
  },
  methods: {
    t,
    focus() {
      this.$refs.box?.focus();
    },
    fill(text) {
      this.text = text;
      nextTick(() => this.focus());
    },
    async grow() {
      await nextTick();
      const box = this.$refs.box;
      if (!box) return;
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    },
    typing() {
      if (!this.signalled) this.$emit("typing", true);
      this.signalled = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.rest(), TYPING_MS);
    },
    rest() {
      clearTimeout(this.timer);
      if (this.signalled) this.$emit("typing", false);
      this.signalled = false;
    },
    enter(event) {
      if (event.shiftKey) return;
      event.preventDefault();
      this.send();
    },
    send(text = this.text) {
      const line = text.trim();
      if (!line) return;
      this.rest();
      this.$emit("say", { text: line.slice(0, MOST_CHARACTERS), to: this.to ? [this.to] : undefined });
      this.text = "";
      this.focus();
    },
  },
  template: `
    <div class="composer">
      <div v-if="watching" class="watching"><p>{{ t('composer.watching') }}</p><button type="button" class="primary" @click="$emit('join')">{{ t('composer.take_part') }}</button></div>
      <template v-else>
        <div v-if="suggestions.length" class="suggestions" role="group" :aria-label="t('composer.suggestions')">
          <button v-for="one in suggestions" :key="one.text" type="button" @click="send(one.say)">{{ one.text }}</button>
        </div>
        <form class="composer-form" :class="{ whispering: to }" @submit.prevent="send()">
          <label class="whisper-to"><span class="sr-only">{{ t('composer.to') }}</span>
            <select v-model="to" :title="t('composer.to')">
              <option value="">{{ t('composer.everyone') }}</option>
              <option v-for="one in others" :key="one.id" :value="one.id">{{ t('composer.whisper', { name: one.name }) }}</option>
            </select>
          </label>
          <textarea ref="box" v-model="text" rows="1" :maxlength="${MOST_CHARACTERS}" :aria-label="t('composer.label')" :placeholder="t(to ? 'composer.hint_whisper' : 'composer.hint')" @keydown.enter="enter" @input="typing" @blur="rest"></textarea>
          <button v-if="busy" type="button" class="stop" data-stop @click="$emit('stop')"><i aria-hidden="true"></i>{{ t('composer.stop') }}</button>
          <button type="submit" class="primary send" :disabled="!text.trim()" :aria-label="t('composer.send')"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12 L20 4 L14 20 L11 13 Z" fill="currentColor"/></svg></button>
        </form>
      </template>
    </div>`,
};
