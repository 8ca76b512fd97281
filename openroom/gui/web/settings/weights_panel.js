// Local models to choose from, for operators: what fits this machine, fetching one, and how far it is.
import { api } from "../shared/api.js";
import { t, words } from "../shared/i18n.js";

const UNDER_WAY = new Set(["waiting", "fetching", "checking", "ready"]);
const POLL_MS = 1000;
const GB = 1e9;

export const WeightsPanel = {
  name: "OrWeightsPanel",
  props: { prefix: String },
  emits: ["changed"],
  data: () => ({ shelf: null, other: "", trouble: "", busy: false, timer: 0 }),
  computed: {
    latest() {
      return this.shelf?.installing ?? null;
    },
    underWay() {
      return UNDER_WAY.has(this.latest?.state);
    },
    percent() {
      return this.latest?.total ? Math.floor((100 * this.latest.done) / this.latest.total) : null;
    },
    told() {
      const { name, state, done, total } = this.latest;
      const key = state === "done" && !this.shelf.engine ? "done_no_engine" : state === "fetching" && !total ? "waiting" : state;
      return t(`weights.state.${key}`, { name: this.titled(name), done: this.gb(done, total), total: this.gb(total) });
    },
  },
  async created() {
    await this.ask("GET");
  },
  unmounted() {
    clearTimeout(this.timer);
    this.timer = -1;
  },
  methods: {
    t,
    gb: (bytes, of = bytes) => (bytes / GB).toLocaleString(words.language, { minimumFractionDigits: of < GB ? 2 : 1, maximumFractionDigits: of < GB ? 2 : 1 }),
    titled(name) {
      return this.shelf.weights.find((one) => one.name === name)?.title ?? name.split("/").pop();
    },
    facts(one) {
      const fit = t(`weights.fit.${one.fit}`, { speed: Math.round(one.speed), memory: this.gb(one.memory) });
      return [t("weights.size", { gb: this.gb(one.size) }), one.licence, fit, one.installed && t("weights.here")].filter(Boolean).join(" · ");
    },
    async ask(method, body) {
      clearTimeout(this.timer);
      const before = this.latest?.state;
      this.busy = method !== "GET";
      try {
        this.shelf = await api(`${this.prefix}/api/model/weights`, { method, body });
        this.trouble = "";
      } catch (error) {
        if (!error.words) throw error;
        this.trouble = error.message || error.words;
      }
      this.busy = false;
      if (UNDER_WAY.has(before) && this.latest?.state === "done") this.$emit("changed");
      if (this.underWay && this.timer !== -1) this.timer = setTimeout(() => this.ask("GET"), POLL_MS);
    },
    async take(name) {
      await this.ask("POST", { name });
      if (this.underWay) this.other = "";
    },
  },
  template: `
    <section class="panel" data-part="weights"><h2>{{ t('weights.title') }}</h2>
      <template v-if="shelf">
        <p class="hint">{{ t('weights.machine', { cores: shelf.machine.cores, memory: shelf.machine.memory ? gb(shelf.machine.memory) : '?' }) }} {{ shelf.hub ? t('weights.hub', { hub: shelf.hub }) : t('weights.no_hub') }}</p>
        <p v-if="!shelf.engine" class="hint" data-no-engine>{{ t('weights.no_engine') }}</p>
        <ul class="people weights"><li v-for="one in shelf.weights" :key="one.name" :data-weights="one.name" :data-fit="one.fit" :title="one.note">
          <span class="about"><b>{{ one.title }}</b><small>{{ facts(one) }}</small></span>
          <span v-if="one.best" class="mark">{{ t('weights.best') }}</span>
          <span v-if="one.in_use" class="ok">{{ t(shelf.engine ? 'weights.in_use' : 'weights.chosen') }}</span>
          <button v-else type="button" :disabled="busy || underWay" :aria-label="t(one.installed ? 'weights.use_it' : 'weights.fetch_it', { name: one.title })" @click="take(one.name)">{{ t(one.installed ? 'weights.use' : 'weights.fetch') }}</button>
        </li></ul>
        <form class="grid whole" @submit.prevent="take(other)">
          <label>{{ t('weights.another') }}<input v-model="other" name="hub" required maxlength="400" placeholder="hub:OWNER/REPOSITORY/FILE.gguf" autocomplete="off" autocapitalize="off" spellcheck="false"><small>{{ t('weights.another_hint') }}</small></label>
          <div class="row"><button type="submit" class="primary" :disabled="busy || underWay">{{ t('weights.fetch') }}</button></div>
        </form>
        <div v-if="latest" class="installing" :data-installing="latest.state">
          <p v-if="latest.state !== 'failed'" role="status" :class="{ ok: latest.state === 'done' }">{{ told }}</p>
          <div v-if="underWay" class="row"><progress max="100" :value="percent" :aria-label="told"></progress><span v-if="percent !== null" class="percent">{{ percent }} %</span><button type="button" :disabled="busy" @click="ask('DELETE')">{{ t('weights.stop') }}</button></div>
          <template v-if="latest.state === 'failed'"><p class="problem" role="alert">{{ told }} {{ t('weights.why.' + latest.reason) }}</p><p class="hint">{{ latest.text }}</p></template>
        </div>
      </template>
      <p v-if="trouble" class="problem" role="alert">{{ trouble }}</p>
    </section>`,
};
