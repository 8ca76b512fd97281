// The prompt that made a reply: what was sent, part by part, what it cost, and why each part is in it.
import { api } from "../shared/api.js";
import { moment, t } from "../shared/i18n.js";
import { nameOf, runs } from "./room_model.js";

/** Whether the server shows this person the prompt of a line: who runs the room, and creators. */
export function maySeePrompt(room, event) {
  return event.actor.startsWith("character:") && !event.imported && !event.erased && (runs(room) || room.role === "creator");
}

const SHORT = 6;

export const PromptView = {
  name: "OrPromptView",
  props: { room: Object, prefix: String, roomId: String, seq: Number },
  emits: ["close", "go"],
  data: () => ({ prompt: null, problem: "", asked: 0 }),
  watch: {
    seq: { handler: "load", immediate: true },
  },
  computed: {
    /** Lore that came up and was left out. */
    out() {
      return (this.prompt.lore ?? []).filter((one) => !one.is_in);
    },
  },
  mounted() {
    this.$el.querySelector(".close").focus();
  },
  methods: {
    t, moment,
    name(who) {
      return nameOf(this.room, who);
    },
    async load() {
      const asked = ++this.asked;
      Object.assign(this, { prompt: null, problem: "" });
      try {
        const prompt = await api(`${this.prefix}/api/rooms/${encodeURIComponent(this.roomId)}/prompts/${this.seq}`);
        if (asked === this.asked) this.prompt = prompt;
      } catch (error) {
        if (asked === this.asked) this.problem = error.words;
      }
    },
    short(digest) {
      return digest.replace(/^sha256:/, "").slice(0, SHORT);
    },
    facts(call) {
      if (call.prompt === undefined) return "";
      const share = call.prompt ? Math.round((100 * call.cached) / call.prompt) : 0;
      const read = t("prompt.read", { n: call.prompt.toLocaleString(), p: share });
      const cost = call.usd === undefined ? [] : [t("prompt.cost", { usd: call.usd.toPrecision(2) })];
      return [read, t("prompt.written", { n: call.completion.toLocaleString() }), ...cost, ...(call.estimated ? [t("prompt.estimated")] : [])].join(" · ");
    },
    sampling(call) {
      return Object.entries(call.sampling).map(([name, value]) => `${name} ${value}`).join(", ");
    },
    hidden(part) {
      return part.hidden === "not_yours" ? t("prompt.not_yours", { n: part.tokens }) : t(`prompt.${part.hidden}`);
    },
    tokens(message) {
      return message.parts.reduce((sum, part) => sum + part.tokens, 0);
    },
    choice(choice) {
      return t(`prompt.choice.${choice.kind}`);
    },
  },
  template: `
    <section class="panel prompt-panel" role="dialog" :aria-label="t('prompt.title')" data-prompt-panel>
      <header><h2>{{ t('prompt.title') }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <p v-if="problem" class="hint" role="alert">{{ problem }}</p>
      <p v-else-if="!prompt" class="hint" aria-live="polite">{{ t('prompt.loading') }}</p>
      <template v-else>
        <p class="prompt-of"><b>{{ name(prompt.character) }}</b><button type="button" class="link" data-to-line @click="$emit('go', prompt.seq)">#{{ prompt.seq }}</button><time v-if="prompt.at">{{ moment(prompt.at) }}</time></p>
        <p v-if="!prompt.kept" data-prompt-gone>{{ t('prompt.gone') }}</p>
        <template v-else>
          <p class="hint">{{ t(prompt.all ? 'prompt.all' : 'prompt.part') }}</p>
          <p class="prompt-facts">{{ t('prompt.version', { v: short(prompt.version) }) }}<template v-if="prompt.hearers.length"> · {{ t('prompt.hearers', { names: prompt.hearers.map(name).join(', ') }) }}</template></p>
          <div v-if="prompt.greeting" class="prompt-choice" data-choice="greeting"><p>{{ t('prompt.nothing_asked') }}</p><p><b>{{ choice(prompt.greeting) }}</b></p></div>
          <section v-for="(call, at) in prompt.calls" :key="at" class="prompt-call" :data-call="call.purpose">
            <h3>{{ t(call.played ? 'prompt.by_author' : 'prompt.purpose.' + call.purpose) }}</h3>
            <div v-if="call.played" class="prompt-choice" :data-choice="call.choice?.kind"><p>{{ t('prompt.played') }}</p>
              <p v-if="call.choice"><b>{{ choice(call.choice) }}</b></p>
              <p v-if="call.choice?.asked" class="quote">{{ t('prompt.asked', { text: call.choice.asked }) }}</p>
              <p v-if="call.choice?.line" class="quote">{{ t('prompt.line', { text: call.choice.line }) }}</p>
            </div>
            <template v-else>
              <p class="prompt-facts"><b>{{ call.model }}</b><template v-if="facts(call)"> · {{ facts(call) }}</template><template v-if="sampling(call)"> · {{ sampling(call) }}</template></p>
              <p v-if="call.dropped" class="prompt-facts">{{ t('prompt.dropped', { what: call.dropped.join(', ') }) }}</p>
              <div v-for="(message, n) in call.messages" :key="n" class="prompt-message" :data-role="message.role">
                <p class="prompt-role">{{ t('prompt.role.' + message.role) }}<small>{{ t('prompt.tokens', { n: tokens(message) }) }}</small></p>
                <template v-for="(part, m) in message.parts" :key="m">
                  <p v-if="part.hidden" class="prompt-hidden" :data-part="part.kind" :data-hidden="part.hidden"><span class="kind">{{ t('prompt.kind.' + part.kind) }}</span><i>{{ hidden(part) }}</i></p>
                  <details v-else class="prompt-part" :data-part="part.kind">
                    <summary><span class="kind">{{ t('prompt.kind.' + part.kind) }}</span><span class="start">{{ part.text }}</span><small>{{ part.tokens }}</small></summary>
                    <p class="whole">{{ part.text }}</p>
                    <p v-if="part.why || part.name || part.rests_on || part.elsewhere" class="why"><template v-if="part.why">{{ t('prompt.why', { why: part.why }) }} </template><code v-if="part.name">{{ part.name }}</code>
                      <template v-if="part.rests_on || part.elsewhere"> {{ t('prompt.rests') }} <button v-for="one in part.rests_on ?? []" :key="one" type="button" class="link" @click="$emit('go', one)">#{{ one }}</button><code v-for="[room, one] in part.elsewhere ?? []" :key="room + one">{{ room }} #{{ one }}</code></template></p>
                  </details>
                </template>
              </div>
            </template>
          </section>
          <section v-if="out.length"><h3>{{ t('prompt.lore_out') }}</h3><ul class="plain"><li v-for="one in out" :key="one.book + one.entry"><code>{{ one.book }}:{{ one.entry }}</code> {{ one.why }}<template v-if="one.key"> ({{ one.key }})</template></li></ul></section>
        </template>
      </template>
    </section>`,
};
