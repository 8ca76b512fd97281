// What one can do with a line: one button that covers no words, and under the line a list in words.
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { Icon } from "./icon.js";
import { wordsBy } from "./room_model.js";
import { maySeePrompt } from "./prompt_view.js";
import { LineActs } from "./ways.js";

/** So far, in px, a pointer goes before it points at something else; so long, in ms, a second tap is one of two. */
const STILL = 6;
const DOUBLE_MS = 600;

/** The button. Of a line that one has rated it shows how. */
export const LineMore = {
  name: "OrLineMore",
  components: { Icon },
  props: { room: Object, event: Object, open: Boolean },
  emits: ["toggle"],
  computed: {
    rated() {
      return { 1: "good", "-1": "bad" }[this.room.ratings[this.event.seq]];
    },
  },
  methods: { t },
  template: `<button type="button" class="line-more" data-tools :data-rated="rated" :aria-expanded="open ? 'true' : 'false'" :aria-label="rated ? t('talk.tools_rated', { how: t('talk.' + rated) }) : t('talk.tools')" :title="t('talk.tools')" @click="$emit('toggle', $event)"><Icon :of="rated ?? 'more'" /></button>`,
};

/** The list. It stands in the talk's own column, so it covers nothing either. `at` is where a pointer opened it ({ x, y }),
 * if one did: what comes to lie under it there is not chosen by a second click. */
export const LineTools = {
  name: "OrLineTools",
  components: { Icon, LineActs },
  props: { room: Object, event: Object, mine: Boolean, at: Object },
  emits: ["rate", "steer", "write", "prompt", "link", "erase", "shut"],
  data: ({ at }) => ({ still: Boolean(at) }),
  computed: {
    said() {
      return this.event.kind === "said";
    },
    mayPrompt() {
      return maySeePrompt(this.room, this.event);
    },
    rateable() {
      return this.said && wordsBy(this.event).startsWith("character:") && !this.event.imported;
    },
    rating() {
      return this.room.ratings[this.event.seq] ?? 0;
    },
  },
  created() {
    this.since = Date.now();
  },
  async mounted() {
    await nextTick();
    this.$el.scrollIntoView({ block: "nearest" });
  },
  methods: {
    t,
    isThere({ clientX, clientY }) {
      return Math.abs(clientX - this.at.x) <= STILL && Math.abs(clientY - this.at.y) <= STILL;
    },
    moved(event) {
      if (this.still && !this.isThere(event)) this.still = false;
    },
    /** A second click where the first one was shuts the list, as on the button; the second of a double click does nothing. */
    clicked(event) {
      if (!this.still || !event.detail || !this.isThere(event)) return;
      const twice = event.detail > 1 || Date.now() - this.since < DOUBLE_MS;
      if (!twice && event.pointerType === "touch") return; // a finger does not rest there: it means what it sees
      event.stopPropagation();
      if (!twice) this.$emit("shut");
    },
  },
  template: `
    <div class="line-tools" :class="{ still }" role="group" :aria-label="t('talk.tools')" @pointermove="moved" @click.capture="clicked" @keydown.esc.stop="$emit('shut')">
      <template v-if="rateable">
        <button type="button" data-rate="good" :aria-pressed="rating === 1 ? 'true' : 'false'" @click="$emit('rate', 1)"><Icon of="good" />{{ t('talk.good') }}</button>
        <button type="button" data-rate="bad" :aria-pressed="rating === -1 ? 'true' : 'false'" @click="$emit('rate', -1)"><Icon of="bad" />{{ t('talk.bad') }}</button>
      </template>
      <LineActs v-if="said && !event.imported" :room="room" :event="event" @steer="$emit('steer', $event)" @write="$emit('write', $event)" />
      <button v-if="mayPrompt" type="button" data-prompt @click="$emit('prompt')"><Icon of="prompt" />{{ t('prompt.open') }}</button>
      <button v-if="said" type="button" data-link @click="$emit('link')"><Icon of="link" />{{ t('talk.copy_link') }}</button>
      <button v-if="mine" type="button" class="words" @click="$emit('erase')"><Icon of="erase" />{{ t('talk.erase') }}</button>
    </div>`,
};
