// Where a person writes: draft kept over reloads, Enter sends, whisper, suggestions, Stop.
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { visit } from "../shared/keep.js";
import { here } from "./room_model.js";
import { suggestions } from "./suggest.js";

const TYPING_MS = 4000;
const OFFER_MS = 150;
const MOST_CHARACTERS = 4000;

export const Composer = {
  name: "OrComposer",
  props: { room: Object, roomId: String, prefix: String, connected: Boolean, watching: Boolean, heard: Boolean },
  emits: ["say", "stop", "typing", "write", "join"],
  data: () => ({ text: "", to: "", offered: [] }),
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
      return this.text || this.busy ? [] : this.offered;
    },
    /** What suggestions depend on: they are asked for again when it changes, and while nobody speaks. */
    moment() {
      if (!this.room.ready || !this.connected || this.watching || this.busy) return "";
      return `${this.room.log[this.room.log.length - 1]?.seq ?? 0} ${this.others.map((one) => one.id).join(" ")}`;
    },
  },
  watch: {
    moment: { handler: "offer", immediate: true },
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
    clearTimeout(this.offering);
  },
  methods: {
    t,
    /** Changes that come together are one question; what is offered stays until there is an answer. */
    offer() {
      clearTimeout(this.offering);
      if (!this.moment) return;
      this.offering = setTimeout(async () => {
        const { moment } = this;
        const lines = await suggestions(this.prefix, this.roomId);
        if (moment === this.moment) this.offered = lines;
      }, OFFER_MS);
    },
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
      this.$emit("write");
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
      this.offered = [];
      this.focus();
    },
  },
  template: `
    <div class="composer">
      <div v-if="watching" class="watching"><p>{{ t('composer.watching') }}</p><button type="button" class="primary" @click="$emit('join')">{{ t('composer.take_part') }}</button></div>
      <template v-else>
        <div v-if="suggestions.length" class="suggestions" role="group" :aria-label="t('composer.suggestions')">
          <button v-for="one in suggestions" :key="one.text" type="button" :data-about="one.about" @click="send(one.text)">{{ one.text }}</button>
        </div>
        <form class="composer-form" :class="{ whispering: to }" @submit.prevent="send()">
          <label class="whisper-to"><span class="sr-only">{{ t('composer.to') }}</span>
            <select v-model="to" :title="t('composer.to')">
              <option value="">{{ t('composer.everyone') }}</option>
              <option v-for="one in others" :key="one.id" :value="one.id">{{ t('composer.whisper', { name: one.name }) }}</option>
            </select>
          </label>
          <textarea ref="box" v-model="text" rows="1" :maxlength="${MOST_CHARACTERS}" :aria-label="t('composer.label')" :placeholder="t(to ? 'composer.hint_whisper' : 'composer.hint')" @keydown.enter="enter" @input="typing" @blur="rest"></textarea>
          <button v-if="busy || heard" type="button" class="stop" data-stop @click="$emit('stop')"><i aria-hidden="true"></i>{{ t('composer.stop') }}</button>
          <button type="submit" class="primary send" :disabled="!text.trim()" :aria-label="t('composer.send')"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12 L20 4 L14 20 L11 13 Z" fill="currentColor"/></svg></button>
        </form>
      </template>
    </div>`,
};
