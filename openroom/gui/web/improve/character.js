// One character: what better means in plain words, what plays, start and rollback, its runs.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { ImproveRuns } from "./runs.js";
import { dimension, list, percent, short } from "./words.js";

export const ImproveCharacter = {
  name: "OrImproveCharacter",
  components: { ImproveRuns },
  props: { prefix: String, one: Object },
  emits: ["changed"],
  data: () => ({ wish: { rounds: 10, calls: 300, usd: 0, mode: "suggest" }, weights: null, trouble: "", said: "", busy: false, sure: false }),
  computed: {
    path() {
      return `${this.prefix}/api/tuning/characters/${encodeURIComponent(this.one.id)}`;
    },
    ranked() {
      return Object.entries(this.one.objective.shares).sort((a, b) => b[1] - a[1]).map(([name, share]) => `${dimension(name)} (${percent(share)})`);
    },
    idle() {
      return this.one.task.state === "idle";
    },
  },
  methods: {
    t, dimension, list, percent, short,
    async attempt(work) {
      Object.assign(this, { trouble: "", said: "", busy: true });
      try {
        await work();
      } catch (error) {
        if (!error.words) throw error;
        this.trouble = error.message || error.words;
      }
      this.busy = false;
    },
    start() {
      return this.attempt(async () => {
        const { rounds, calls, usd, mode } = this.wish;
        const { run } = await api(`${this.path}/runs`, { method: "POST", body: { rounds: Number(rounds), calls: Number(calls), usd: Number(usd), mode } });
        location.hash = `#run/${encodeURIComponent(run)}`;
      });
    },
    sign() {
      return this.attempt(async () => {
        const weights = Object.fromEntries(Object.entries(this.weights).map(([name, value]) => [name, Number(value)]).filter(([, value]) => value > 0));
        await api(`${this.path}/objective`, { method: "PUT", body: { weights, floors: this.one.objective.floors, tolerance: this.one.objective.tolerance } });
        this.weights = null;
        this.said = t("settings.saved");
        this.$emit("changed");
      });
    },
    rollback(to) {
      return this.attempt(async () => {
        const { version } = await api(`${this.path}/rollback`, { method: "POST", body: to === null ? {} : { to } });
        this.said = t("improve.rolled_back", { version: version ? short(version) : t("improve.author") });
        this.$emit("changed");
      });
    },
  },
  template: `
    <div :data-character="one.id" :data-released="one.released" :data-canary="one.canary ? one.canary.version : ''">
      <section class="panel" data-part="objective"><h2>{{ t('improve.better_head') }}</h2>
        <p class="why">{{ t('improve.better_is', { name: one.name, list: list(ranked) }) }}</p>
        <p v-for="(share, name) in one.objective.floors" :key="name">{{ t('improve.floor', { dimension: dimension(name), share: percent(share) }) }}</p>
        <p v-if="one.objective.locked.length">{{ t('improve.locked', { list: list(one.objective.locked.map(dimension)) }) }}</p>
        <p>{{ t('improve.tolerance', { share: percent(one.objective.tolerance) }) }}</p>
        <p class="hint">{{ one.objective.signed_by ? t('improve.signed', { who: one.objective.signed_by }) : t('improve.unsigned') }} <code>{{ short(one.objective.digest) }}</code></p>
        <details @toggle="weights = $event.target.open ? { ...one.objective.weights } : null"><summary>{{ t('improve.change') }}</summary>
          <form v-if="weights" class="grid weights" @submit.prevent="sign"><label v-for="(value, name) in weights" :key="name">{{ dimension(name) }}<input v-model="weights[name]" type="number" min="0" max="100" step="0.1" :name="name"></label><div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('improve.sign') }}</button><p class="hint">{{ t('improve.weights_hint') }}</p></div></form></details></section>
      <section class="panel" data-part="plays"><h2>{{ t('improve.plays') }}</h2>
        <p>{{ one.released ? t('improve.version_n', { digest: short(one.released) }) : t('improve.author') }}<template v-if="one.live && one.live.seen"> · {{ t('improve.live', { failed: one.live.failed, seen: one.live.seen }) }}</template></p>
        <p v-if="one.canary" data-part="canary">{{ t('improve.canary_now', { digest: short(one.canary.version), share: percent(one.canary.share) }) }} {{ t('improve.live', { failed: one.canary.live.failed, seen: one.canary.live.seen }) }}</p>
        <div v-if="one.released" class="row"><button type="button" data-act="rollback" :disabled="busy" @click="rollback(null)">{{ t('improve.rollback') }}</button><button v-for="digest in one.history.filter(Boolean)" :key="digest" type="button" :disabled="busy" @click="rollback(digest)">{{ t('improve.rollback_to', { digest: short(digest) }) }}</button></div></section>
      <section class="panel" data-part="start"><h2>{{ t('improve.start') }}</h2><p class="hint">{{ t('improve.start_hint') }}</p>
        <form class="grid" @submit.prevent="start"><label>{{ t('improve.rounds') }}<input v-model="wish.rounds" name="rounds" type="number" min="1" max="10000"></label><label>{{ t('improve.calls') }}<input v-model="wish.calls" name="calls" type="number" min="1" max="1000000"></label><label>{{ t('improve.usd') }}<input v-model="wish.usd" name="usd" type="number" min="0" step="0.01"></label><label>{{ t('improve.mode') }}<select v-model="wish.mode" name="mode"><option value="suggest">{{ t('improve.mode_suggest') }}</option><option value="auto">{{ t('improve.mode_auto') }}</option></select></label>
          <div class="row"><button type="submit" class="primary big" data-act="start" :disabled="busy || !idle">{{ t('improve.start_now') }}</button><p v-if="!idle" class="hint">{{ t('improve.other_run', { run: one.task.run }) }}</p></div></form></section>
      <p v-if="trouble" class="problem panel" role="alert">{{ trouble }}</p><p v-if="said" class="ok panel" role="status">{{ said }}</p>
      <ImproveRuns :runs="one.runs" />
    </div>`,
};
