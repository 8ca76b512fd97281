// A character as a card's file: which kind, which version, and what that file keeps before one takes it.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { CardReport } from "./report.js";
import { patient } from "./send.js";

const FORMATS = ["png", "json", "charx"];

export const ExportCard = {
  name: "OrExportCard",
  components: { CardReport },
  props: { prefix: String, who: String },
  data: () => ({ formats: FORMATS, format: "png", spec: "3", report: null, problem: "", asked: 0 }),
  computed: {
    path() {
      return `${this.prefix}/api/cards/${encodeURIComponent(this.who)}`;
    },
    query() {
      return `format=${this.format}&spec=${this.spec}`;
    },
    loses() {
      return this.report?.dropped.length ?? 0;
    },
  },
  watch: {
    query: { immediate: true, handler: "ask" },
  },
  methods: {
    t,
    /** What the file would keep; of answers that overtake each other the last asked for counts. */
    async ask() {
      const mine = ++this.asked;
      Object.assign(this, { report: null, problem: "" });
      try {
        const report = await patient(() => api(`${this.path}/report?${this.query}`), () => mine === this.asked);
        if (mine === this.asked) this.report = report;
      } catch (error) {
        if (!error.words) throw error;
        if (mine !== this.asked) return;
        this.problem = error.words;
      }
    },
  },
  template: `
    <div class="card-export" data-export>
      <div class="export-choices">
        <fieldset><legend>{{ t('export.format') }}</legend><label v-for="one in formats" :key="one"><input v-model="format" type="radio" name="export-format" :value="one"><b>{{ t('export.' + one) }}</b><small>{{ t('export.' + one + '.about') }}</small></label></fieldset>
        <fieldset><legend>{{ t('export.spec') }}</legend><label v-for="one in ['3', '2']" :key="one"><input v-model="spec" type="radio" name="export-spec" :value="one"><b>{{ t('export.spec_n', { n: one }) }}</b><small>{{ t('export.spec.' + one) }}</small></label></fieldset>
      </div>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <template v-else>
        <p v-if="!report" class="hint" role="status">{{ t('export.looking') }}</p>
        <p v-else class="export-sum" :class="{ loses }" role="status" data-loss>{{ t(loses ? 'export.loses' : 'export.keeps', { n: loses }) }}</p>
        <CardReport v-if="report" :report="report" :open="loses > 0" />
      </template>
      <div class="row"><a class="primary" :class="{ waits: !report }" :href="report ? path + '?' + query : null" :aria-disabled="report ? null : 'true'" download data-download>{{ t('export.take') }}</a><slot></slot></div>
    </div>`,
};
