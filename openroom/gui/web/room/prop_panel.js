// What one can do with a thing: its verbs, and for some kinds a view of their own (board, notes, pages).
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { ChessBoard } from "./chess_board.js";
import { Pages } from "./pages_view.js";
import { Player } from "./record_view.js";
import { propText, thingName } from "./texts.js";

const VIEWS = { chess: "ChessBoard", notice_board: "Pages", diary: "Pages", record_player: "Player" };

export const PropPanel = {
  name: "OrPropPanel",
  components: { ChessBoard, Pages, Player },
  props: { room: Object, prefix: String, roomId: String, prop: String, sound: Object, busy: Boolean, watching: Boolean },
  emits: ["use", "erase", "trouble", "close"],
  data: () => ({ writing: null, text: "" }),
  computed: {
    placed() {
      return this.room.shared.props?.[this.prop] ?? {};
    },
    about() {
      return this.room.manifest.props?.[this.prop] ?? {};
    },
    name() {
      return thingName(this.placed);
    },
    /** How it looks now, where that is a word of its own. */
    look() {
      const known = t(`look.${this.placed.look}`);
      return this.placed.look && !this.view && !known.startsWith("look.") ? known : "";
    },
    view() {
      return VIEWS[this.placed.kind] ?? "";
    },
    options() {
      const mine = this.room.options[this.prop] ?? [];
      return this.view === "ChessBoard" ? mine.filter((option) => option.verb !== "move") : mine;
    },
  },
  watch: {
    prop() {
      this.writing = null;
      this.focusFirst();
    },
  },
  mounted() {
    this.focusFirst();
  },
  methods: {
    t,
    told(text) {
      return propText(this.placed.kind, text);
    },
    async focusFirst() {
      await nextTick();
      (this.$el.querySelector(".verbs button") ?? this.$el.querySelector(".close"))?.focus();
    },
    choose(option) {
      if (option.text) {
        this.writing = option;
        this.text = "";
        nextTick(() => this.$refs.words?.focus());
      } else this.$emit("use", { prop: this.prop, verb: option.verb, args: option.args ?? {} });
    },
    sendText() {
      const words = this.text.trim();
      if (!words) return;
      const option = this.writing;
      this.$emit("use", { prop: this.prop, verb: option.verb, args: { ...option.args, [option.text]: words } });
      this.writing = null;
      this.focusFirst();
    },
    move(args) {
      this.$emit("use", { prop: this.prop, ...args });
    },
  },
  template: `
    <section class="panel prop-panel" role="dialog" :aria-label="name" :data-panel="prop">
      <header><h2>{{ name }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <p v-if="about.line" class="line-of">{{ told(about.line) }}</p>
      <p v-if="look"><span class="mood">{{ look }}</span></p>
      <component v-if="view" :is="view" :state="placed.state ?? {}" :room="room" :prop="prop" :sound="sound" :kind="placed.kind" :watching="watching" v-bind="view === 'Pages' ? { prefix, roomId } : {}" @act="move" @erase="$emit('erase', $event)" @trouble="$emit('trouble', $event)" />
      <p v-if="watching" class="hint">{{ t('panel.watching') }}</p>
      <template v-else>
        <div v-if="options.length" class="verbs" :class="{ compact: view === 'ChessBoard' }" role="group" :aria-label="t('panel.verbs')">
          <button v-for="option in options" :key="option.id" type="button" :data-option="option.id" :disabled="busy" @click="choose(option)">{{ told(option.label) }}<template v-if="option.text">…</template></button>
        </div>
        <p v-else-if="!view" class="hint">{{ t('panel.nothing') }}</p>
        <form v-if="writing" class="writing" @submit.prevent="sendText">
          <label><span>{{ told(writing.label) }}</span><textarea ref="words" v-model="text" rows="3" maxlength="1000"></textarea></label>
          <div class="row"><button type="submit" class="primary" :disabled="!text.trim()">{{ t('panel.do') }}</button><button type="button" @click="writing = null">{{ t('panel.cancel') }}</button></div>
        </form>
      </template>
    </section>`,
};
