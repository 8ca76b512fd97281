// What one can do with a thing: its verbs, and for some kinds a view of their own (board, notes, pages).
import { nextTick } from "vue";
import { t, words } from "../shared/i18n.js";
import { Pages } from "./pages.js";
import { lookOf, propText, thingName } from "./texts.js";
import { FEW, VerbControl } from "./verb_control.js";
import { viewOf } from "./views.js";

export const PropPanel = {
  name: "OrPropPanel",
  components: { Pages, VerbControl },
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
    /** How it looks now, where no view of its own shows that. */
    look() {
      return this.about.shown_as ? "" : lookOf(this.room, { ...this.placed, sight: this.room.looks[this.prop] ?? "" });
    },
    /** What is written on it, by the name of the field; a view of its own shows that itself. */
    notes() {
      return this.about.shown_as ? [] : (this.about.notes ?? []).map((name) => ({ name, state: { notes: this.placed.state?.[name] ?? [] } }));
    },
    view() {
      return viewOf(this.prefix, this.about.shown_as);
    },
    /** What its view takes of what there is (docs/developers.md). */
    given() {
      const { room, prop, prefix, roomId, sound, watching } = this;
      const all = { state: this.placed.state ?? {}, kind: this.placed.kind, prop, you: room.you, watching, prefix, language: words.language, sound, room, roomId };
      const taken = this.view.default.props ?? [];
      return Object.fromEntries((Array.isArray(taken) ? taken : Object.keys(taken)).map((name) => [name, all[name]]));
    },
    /** Verbs that its view offers itself. */
    own() {
      return this.view?.verbs ?? [];
    },
    options() {
      return (this.room.options[this.prop] ?? []).filter((option) => !this.own.includes(option.verb));
    },
    /** The options by verb, in their order; many of one verb become one control. */
    groups() {
      const found = new Map();
      for (const option of this.options) found.set(option.verb, [...(found.get(option.verb) ?? []), option]);
      return [...found].map(([verb, options]) => ({ verb, options, many: options.length > FEW }));
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
    use({ verb, args = {} }) {
      this.$emit("use", { prop: this.prop, verb, args });
    },
  },
  template: `
    <section class="panel prop-panel" role="dialog" :aria-label="name" :data-panel="prop">
      <header><h2>{{ name }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <p v-if="about.line" class="line-of">{{ told(about.line) }}</p>
      <p v-if="look"><span class="mood sight">{{ look }}</span></p>
      <template v-for="one in notes" :key="one.name">
        <h3 v-if="notes.length > 1">{{ one.name.replaceAll('_', ' ') }}</h3>
        <Pages :state="one.state" :room="room" :kind="placed.kind" :prop="prop" :prefix="prefix" :room-id="roomId" :watching="watching" @erase="$emit('erase', $event)" @trouble="$emit('trouble', $event)" />
      </template>
      <component v-if="view" :is="view.default" v-bind="given" @use="use" @erase="$emit('erase', $event)" @trouble="$emit('trouble', $event)" />
      <p v-if="watching" class="hint">{{ t('panel.watching') }}</p>
      <template v-else>
        <div v-if="options.length" class="verbs" :class="{ compact: own.length }" role="group" :aria-label="t('panel.verbs')">
          <template v-for="group in groups" :key="group.verb">
            <VerbControl v-if="group.many" :options="group.options" :verb="about.verbs?.[group.verb]" :told="told" :busy="busy" @choose="choose" />
            <template v-else><button v-for="option in group.options" :key="option.id" type="button" :data-option="option.id" :disabled="busy" @click="choose(option)">{{ told(option.label) }}<template v-if="option.text">…</template></button></template>
          </template>
        </div>
        <p v-else-if="!about.shown_as" class="hint">{{ t('panel.nothing') }}</p>
        <form v-if="writing" class="writing" @submit.prevent="sendText">
          <label><span>{{ told(writing.label) }}</span><textarea ref="words" v-model="text" rows="3" maxlength="1000"></textarea></label>
          <div class="row"><button type="submit" class="primary" :disabled="!text.trim()">{{ t('panel.do') }}</button><button type="button" @click="writing = null">{{ t('panel.cancel') }}</button></div>
        </form>
      </template>
    </section>`,
};
