// A run: what it does now, its curve, its rounds and why each was kept or not, the lineage of versions, case by case.
import { t } from "../shared/i18n.js";
import { ImproveChart } from "./chart.js";
import { dimension, list, modelOf, percent, roundHref, short, signed, spentOf, stateOf } from "./words.js";

export const ImproveRun = {
  name: "OrImproveRun",
  components: { ImproveChart },
  props: { run: Object, busy: Boolean },
  emits: ["act"],
  computed: {
    mine() {
      return this.run.task.run === this.run.run ? this.run.task : null;
    },
    now() {
      if (this.mine) return this.mine.state === "waiting" ? t("improve.why." + this.mine.reason) : t("improve.task." + this.mine.state);
      return t("improve.run_state." + this.run.state);
    },
    acts() {
      if (this.run.recorded) return [];
      if (this.mine) return this.mine.state === "paused" ? ["resume", "stop"] : ["pause", "stop"];
      return ["paused", "halted"].includes(this.run.state) ? ["resume", "stop"] : [];
    },
    rounds() {
      return [...this.run.rounds_done].reverse();
    },
  },
  methods: {
    t, dimension, percent, short, signed, stateOf, list, spentOf, modelOf,
    href(round) {
      return roundHref(this.run.run, round.round);
    },
    step(one) {
      if (one.kind === "rollouts") return t(one.open ? "improve.step.plays" : "improve.step.played", { cases: one.cases.join(", ") });
      if (one.kind === "proposal") return t("improve.step.asks", { of: one.of });
      if (one.kind === "round") return t("improve.step.round", { round: one.round, came: stateOf(one.came) });
      return t("improve.step." + one.came) + (one.why ? ` ${one.why}` : "");
    },
    evidence(round) {
      return round.e === null ? "–" : t("improve.evidence", { e: round.e.toFixed(1), need: Math.round(1 / round.alpha) });
    },
    cell: (value) => (value === undefined ? "" : value >= 1 ? "full" : value <= 0 ? "none" : "part"),
  },
  template: `
    <div :data-run="run.run" :data-run-state="run.state">
      <section class="panel"><div class="row head"><h2>{{ run.run.replace('recorded:', '') }}</h2><span v-if="run.recorded" class="badge">{{ t('improve.recorded') }}</span><span class="badge now" role="status" :data-task="mine ? mine.state : run.state">{{ now }}</span><span class="spacer"></span>
          <button v-for="one in acts" :key="one" type="button" :disabled="busy" :data-act="one" @click="$emit('act', one)">{{ t('improve.' + one) }}</button></div>
        <p v-if="run.recorded" class="hint">{{ t('improve.recorded_hint') }}</p><p v-if="run.why" class="problem" lang="en">{{ run.why }}</p>
        <dl class="facts"><div><dt>{{ t('improve.gate') }}</dt><dd>{{ run.gate === null ? '–' : percent(run.gate) }}</dd></div><div><dt>{{ t('improve.rounds') }}</dt><dd>{{ run.rounds }} / {{ run.plan.rounds }}</dd></div><div><dt>{{ t('improve.kept') }}</dt><dd>{{ run.kept }}</dd></div><div><dt>{{ t('improve.spend') }}</dt><dd>{{ spentOf(run.spent) }}<small> / {{ run.plan.calls }}</small></dd></div><div><dt>{{ t('improve.model') }}</dt><dd>{{ modelOf(run.model) }}</dd></div></dl>
      </section>
      <section v-if="!run.recorded && run.steps.length" class="panel"><h2>{{ t('improve.steps') }}</h2>
        <ol class="steps" aria-live="off"><li v-for="one in [...run.steps].reverse()" :key="one.seq" :class="{ open: one.open }"><span>{{ step(one) }}</span><b v-if="one.played">{{ t('improve.passed', { passed: one.passed, played: one.played }) }}</b><span v-if="one.open && mine && mine.state === 'running'" class="dots" aria-hidden="true"><i></i><i></i><i></i></span></li></ol></section>
      <section class="panel"><h2>{{ t('improve.chart') }}</h2><ImproveChart :points="run.curve" /></section>
      <section class="panel"><h2>{{ t('improve.rounds') }}</h2>
        <p v-if="!rounds.length" class="hint">{{ t('improve.no_rounds') }}</p>
        <ul class="rounds"><li v-for="round in rounds" :key="round.round" :data-round="round.round" :data-state="round.state"><a :href="href(round)">
          <span class="row"><b>{{ t('improve.round_n', { n: round.number }) }}</b><span class="state" :class="round.state">{{ stateOf(round.state, run.recorded) }}</span><span v-if="round.pairs" class="hint">{{ signed(round.gain) }} · {{ t('improve.pairs', { n: round.pairs }) }} · {{ evidence(round) }}</span><span class="spacer"></span><span class="hint">{{ spentOf(round) }}</span></span>
          <span class="what">{{ round.edits.map((edit) => edit.op.replaceAll('_', ' ') + ' ' + edit.path).join(', ') || t('improve.purpose.' + round.purpose) }}<template v-if="round.dimensions.length"> · {{ list(round.dimensions.map(dimension)) }}</template><template v-if="round.operator"> · {{ t('improve.by', { who: round.operator }) }}</template></span>
          <span v-for="reason in round.reasons.slice(0, 3)" :key="reason" class="hint" lang="en">{{ reason }}</span></a></li></ul></section>
      <section class="panel"><h2>{{ t('improve.lineage') }}</h2>
        <ol class="lineage"><li v-for="(one, at) in run.lineage" :key="at" :class="one.state"><i aria-hidden="true"></i><code>{{ short(one.version) }}</code> <span class="state" :class="one.state">{{ stateOf(one.state, run.recorded) }}</span><span v-if="one.parent" class="hint">{{ t('improve.from', { digest: short(one.parent) }) }}</span><span class="hint">{{ one.edits.join(', ') }}</span></li></ol></section>
      <section class="panel"><h2>{{ t('improve.grid') }}</h2><p class="hint">{{ t('improve.grid_hint') }}</p>
        <div v-if="run.grid.cases.length" class="scroll" tabindex="0" role="region" :aria-label="t('improve.grid')"><table class="grid-table"><thead><tr><th scope="col">{{ t('improve.case') }}</th><th v-for="number in run.grid.rounds" :key="number" scope="col">{{ number }}</th></tr></thead>
          <tbody><tr v-for="row in run.grid.cases" :key="row.case"><th scope="row">{{ row.case }} <small>{{ dimension(row.dimension) }} · {{ t('improve.split.' + row.split) }}</small></th><td v-for="number in run.grid.rounds" :key="number" :class="cell(row.scores[number])">{{ row.scores[number] === undefined ? '' : percent(row.scores[number]) }}</td></tr></tbody></table></div>
        <p v-else class="hint">{{ t('improve.chart_empty') }}</p></section>
    </div>`,
};
