// The blind tasting: two answers to the same line, unnamed; keys, buttons, and at the end what it came to.
import { nextTick } from "vue";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { percent, roundHref, tasted } from "./words.js";

const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "bad" };

export const ImproveTasting = {
  name: "OrImproveTasting",
  props: { base: String, round: String, taste: Object },
  emits: ["changed"],
  data: () => ({ trouble: "", busy: false }),
  computed: {
    path() {
      return `${this.base}/rounds/${this.round.split("/").map(encodeURIComponent).join("/")}/tasting`;
    },
    back() {
      return roundHref(this.round.split("/")[0], this.round);
    },
    sides() {
      return [["left", "a"], ["right", "b"]].map(([side, letter]) => ({ side, letter, ...this.taste.pair[side] }));
    },
    waits() {
      return ["visitors", "model"].includes(this.taste.waits) ? t(`improve.taste.waits.${this.taste.waits}`) : "";
    },
  },
  created() {
    this.pressed = (event) => {
      const pick = KEYS[event.key];
      if (!pick || this.taste.state !== "pair" || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.pick(pick);
    };
    addEventListener("keydown", this.pressed);
  },
  beforeUnmount() {
    removeEventListener("keydown", this.pressed);
  },
  methods: {
    t, percent, tasted,
    async attempt(path, body) {
      if (this.busy) return;
      Object.assign(this, { trouble: "", busy: true });
      try {
        this.$emit("changed", await api(path, { method: "POST", body }));
      } catch (error) {
        if (!error.words) throw error;
        this.trouble = error.words;
        this.$emit("changed", await api(path.replace(/\/pick$/, "")).catch(() => this.taste));
      }
      this.busy = false;
      nextTick(() => this.$refs.heading?.focus());
    },
    begin() {
      return this.attempt(this.path, {});
    },
    pick(pick) {
      return this.attempt(`${this.path}/pick`, { number: this.taste.pair.number, pick });
    },
  },
  template: `
    <div class="tasting" :data-taste="taste.state" :data-judged="taste.judged">
      <section v-if="taste.state !== 'pair'" class="panel"><h2 ref="heading" tabindex="-1">{{ t('improve.taste.title') }}</h2>
        <p class="why">{{ t('improve.taste.lead') }}</p>
        <p v-if="taste.judged && !taste.result" class="hint">{{ t('improve.taste.judged', { n: taste.judged, all: taste.pairs }) }}</p>
        <div role="status">
          <p v-if="taste.state === 'none'">{{ t('improve.taste.none') }}</p>
          <p v-else-if="taste.state === 'yours'" class="problem">{{ t('improve.taste.yours') }}</p>
          <p v-else-if="taste.state === 'not_begun'">{{ t('improve.taste.plan', { n: taste.pairs, alpha: percent(taste.alpha) }) }}</p>
          <p v-else-if="taste.state === 'nothing'">{{ t(taste.judged ? 'improve.taste.ran_out' : 'improve.taste.nothing') }}</p>
          <p v-else-if="taste.state === 'writing'"><span class="writing" aria-hidden="true"></span>{{ t('improve.taste.writing') }} {{ waits }}</p>
          <p v-else-if="taste.state === 'no_model' || taste.state === 'failed' && !taste.result" class="problem">{{ t('improve.taste.' + taste.state) }} <span lang="en">{{ taste.why }}</span></p>
          <template v-if="taste.result"><p :class="taste.result.passed ? 'ok' : 'problem'" data-result>{{ tasted(taste) }}</p>
            <dl class="facts"><div v-for="one in ['better', 'worse', 'both_bad', 'same']" :key="one"><dt>{{ t('improve.taste.count.' + one) }}</dt><dd :data-count="one">{{ taste.result[one] }}</dd></div></dl></template></div>
        <p v-if="taste.answered !== undefined" class="hint">{{ t('improve.taste.moments', { n: taste.moments, all: taste.answered }) }}</p>
        <div class="row"><button v-if="taste.state === 'not_begun'" type="button" class="primary" data-act="taste" :disabled="busy" @click="begin">{{ t('improve.taste.begin') }}</button>
          <button v-else-if="['nothing', 'no_model', 'failed'].includes(taste.state) && !taste.result" type="button" data-act="again" :disabled="busy" @click="begin">{{ t('improve.taste.again') }}</button>
          <a class="link" :href="back">{{ t('improve.taste.back') }}</a></div></section>
      <template v-else>
        <section class="panel moment"><h2 ref="heading" tabindex="-1">{{ t('improve.taste.pair', { n: taste.judged + 1, all: taste.pairs }) }}</h2>
          <details v-if="taste.pair.before.length"><summary>{{ t('improve.taste.before') }}</summary><p v-for="(line, at) in taste.pair.before" :key="at"><b>{{ line.who }}:</b> {{ line.text }}</p></details>
          <p class="heard"><b>{{ taste.pair.heard.who }}:</b> {{ taste.pair.heard.text }}</p></section>
        <div class="answers"><article v-for="one in sides" :key="taste.pair.number + one.side" class="panel" :data-side="one.side" :aria-labelledby="'answer-' + one.letter"><h3 :id="'answer-' + one.letter">{{ t('improve.taste.answer.' + one.letter) }}</h3><p v-if="one.say">{{ one.say }}</p><p v-for="deed in one.deeds" :key="deed" class="deed">→ {{ deed }}</p></article></div>
        <div class="picks panel" role="group" :aria-label="t('improve.taste.group')"><button type="button" class="primary" data-pick="left" aria-keyshortcuts="ArrowLeft" :disabled="busy" @click="pick('left')">{{ t('improve.taste.a') }}</button><button type="button" data-pick="bad" aria-keyshortcuts="ArrowDown" :disabled="busy" @click="pick('bad')">{{ t('improve.taste.bad') }}</button><button type="button" class="primary" data-pick="right" aria-keyshortcuts="ArrowRight" :disabled="busy" @click="pick('right')">{{ t('improve.taste.b') }}</button></div>
        <p class="hint keys">{{ t('improve.taste.keys') }}</p>
      </template>
      <p v-if="trouble" class="problem panel" role="alert">{{ trouble }}</p>
    </div>`,
};
