// A list of runs: gate score, spend, and whether they need you.
import { ago, t } from "../shared/i18n.js";
import { modelOf, percent, runHref, spentOf } from "./words.js";

export const ImproveRuns = {
  name: "OrImproveRuns",
  props: { runs: Array, named: Boolean },
  methods: { t, ago, percent, runHref, spentOf, modelOf },
  template: `
    <section class="panel" data-part="runs"><h2>{{ t('improve.runs') }}</h2>
      <p v-if="!runs.length" class="hint">{{ t('improve.no_runs') }}</p>
      <ul class="rounds"><li v-for="run in runs" :key="run.run" :data-run="run.run"><a :href="runHref(run.run)"><span class="row"><b>{{ run.run.replace('recorded:', '') }}</b><span v-if="run.recorded" class="badge">{{ t('improve.recorded') }}</span><span v-else class="badge">{{ t('improve.run_state.' + run.state) }}</span><span v-if="run.needs_you && !run.recorded" class="badge needs">{{ t('improve.needs_you', { n: run.needs_you }) }}</span><span class="spacer"></span><span class="hint">{{ ago(run.at * 1000) }}</span></span>
        <span class="what">{{ t('improve.gate') }} {{ run.gate === null ? '–' : percent(run.gate) }} · {{ t('improve.rounds_done', { n: run.rounds }) }} · {{ t('improve.kept_n', { n: run.kept }) }} · {{ spentOf(run.spent) }} · {{ modelOf(run.model) }}</span></a></li></ul></section>`,
};
