// Where a person writes: draft kept over reloads, Enter sends, commands, whisper, suggestions, Stop.
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { visit } from "../shared/keep.js";
import { CommandList } from "./command_list.js";
import { escaped, offers, read, troubleWith } from "./commands.js";
import { here, isNarrator } from "./room_model.js";
import { suggestions } from "./suggest.js";

const TYPING_MS = 4000;
const OFFER_MS = 150;
const MOST_CHARACTERS = 4000;

export const Composer = {
  name: "OrComposer",
  components: { CommandList },
  props: { room: Object, roomId: String, prefix: String, connected: Boolean, watching: Boolean, heard: Boolean },
  emits: ["say", "act", "way", "show", "stop", "typing", "write", "join"],
  data: () => ({ text: "", to: "", offered: [], chosen: 0, shut: false, refused: "" }),
  computed: {
    key() {
      return `openroom.draft.${this.roomId}`;
    },
    others() {
      return here(this.room).filter((one) => one.id !== this.room.you && one.kind !== "spectator" && !isNarrator(this.room, one.id));
    },
    busy() {
      return Object.keys(this.room.turns).length > 0;
    },
    suggestions() {
      return this.text || this.busy ? [] : this.offered;
    },
    /** How a command that is being written may go on. */
    offers() {
      return this.shut ? [] : offers(this.text, this.room);
    },
    trouble() {
      return this.refused || troubleWith(this.text, this.room);
    },
    /** What suggestions depend on: they are asked for again when it changes, and while nobody speaks. */
    moment() {
      const here = this.room.shared.people?.[this.room.you]?.here; // who was shown the door asks for nothing more
      if (!this.room.ready || !this.connected || !here || this.watching || this.busy) return "";
      return `${this.room.log[this.room.log.length - 1]?.seq ?? 0} ${this.others.map((one) => one.id).join(" ")}`;
    },
  },
  watch: {
    moment: { handler: "offer", immediate: true },
    text(now) {
      visit.set(this.key, now);
      Object.assign(this, { chosen: 0, shut: false, refused: "" });
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
        if (!moment) return;
        const lines = await suggestions(this.prefix, this.roomId);
        if (moment === this.moment) this.offered = lines;
      }, OFFER_MS);
    },
    focus() {
      this.$refs.box?.focus();
    },
    /** Put a line that was not said back into the box. */
    fill(line) {
      this.write(escaped(line));
    },
    /** More of what one means to say, which was typed elsewhere; kept at once, for this may be going away as well. */
    append(text) {
      this.text = [this.text, text].filter(Boolean).join("\n").slice(0, MOST_CHARACTERS);
      visit.set(this.key, this.text);
    },
    write(text) {
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
      if (/^\/(?!\/)/.test(this.text)) return this.rest(); // nobody waits for a command
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
      const offer = this.offers[this.chosen];
      if (offer && offer.text.trim() !== this.text.trim()) this.take(offer);
      else this.send();
    },
    /** The keys of the list: they do nothing of theirs where it is not there. */
    listKey(event) {
      if (!this.offers.length || event.altKey || event.ctrlKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) this.chosen = (this.chosen + step + this.offers.length) % this.offers.length;
      else if (event.key === "Escape") this.shut = true;
      else if (event.key === "Tab" && !event.shiftKey && this.offers[this.chosen].text !== this.text) this.take(this.offers[this.chosen]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    /** In an empty box the arrows go through the tries at the last reply. */
    wayKey(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || this.text || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!event.repeat) this.$emit("way", step);
    },
    take(offer) {
      this.write(offer.text);
    },
    send() {
      const line = this.text.trim();
      if (!line) return;
      const wish = read(line, this.room);
      if (wish.trouble) this.refused = wish.trouble;
      else if (wish.say !== undefined) this.say(wish.say, wish.as, line);
      else {
        this.text = "";
        if (wish.show) this.$emit("show", wish.show);
        else this.$emit("act", { action: wish.act, line });
      }
    },
    say(line, as, typed) {
      if (!line) return;
      this.rest();
      this.$emit("say", { text: line.slice(0, MOST_CHARACTERS), to: this.to ? [this.to] : undefined, as, typed: as && typed });
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
          <button v-for="one in suggestions" :key="one.text" type="button" :data-about="one.about" @click="say(one.text)">{{ one.text }}</button>
        </div>
        <CommandList v-if="offers.length" :offers="offers" :at="chosen" @take="take" />
        <p v-if="trouble" id="command-trouble" class="command-trouble" role="alert">{{ trouble }}</p>
        <form class="composer-form" :class="{ whispering: to }" @submit.prevent="send()">
          <div class="composer-row"><label class="whisper-to"><span class="sr-only">{{ t('composer.to') }}</span>
            <select v-model="to" :title="t('composer.to')">
              <option value="">{{ t('composer.everyone') }}</option>
              <option v-for="one in others" :key="one.id" :value="one.id">{{ t('composer.whisper', { name: one.name }) }}</option>
            </select>
          </label><button type="button" class="slash" data-commands :aria-label="t('command.button')" :title="t('command.button')" @click="text ? $emit('show', 'help') : write('/')"><span aria-hidden="true">/</span></button></div>
          <textarea ref="box" v-model="text" rows="1" :maxlength="${MOST_CHARACTERS}" :aria-label="t('composer.label')" :placeholder="t(to ? 'composer.hint_whisper' : 'composer.hint')" aria-autocomplete="list" :aria-controls="offers.length ? 'command-list' : null" :aria-activedescendant="offers.length ? 'command-' + chosen : null" :aria-invalid="trouble ? 'true' : null" :aria-describedby="trouble ? 'command-trouble' : null" @keydown="listKey" @keydown.left="wayKey" @keydown.right="wayKey" @keydown.enter="enter" @input="typing" @blur="rest"></textarea>
          <button v-if="busy || heard" type="button" class="stop" data-stop @click="$emit('stop')"><i aria-hidden="true"></i>{{ t('composer.stop') }}</button>
          <button type="submit" class="primary send" :disabled="!text.trim()" :aria-label="t('composer.send')"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12 L20 4 L14 20 L11 13 Z" fill="currentColor"/></svg></button>
        </form>
      </template>
    </div>`,
};
