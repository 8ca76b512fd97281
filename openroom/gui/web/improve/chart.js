// Training against gate score, with 95 % intervals: an SVG of our own, and the same as a table for those who can't see it.
import { t } from "../shared/i18n.js";
import { percent } from "./words.js";

const WIDTH = 640, HEIGHT = 240, LEFT = 44, RIGHT = 12, TOP = 12, BOTTOM = 30;
const LINES = ["train", "incumbent", "gate"], APART = 6;

export const ImproveChart = {
  name: "OrImproveChart",
  props: { points: Array },
  computed: {
    series() {
      const joined = { train: this.path, gate: () => this.pairs() };
      const lines = LINES.map((name, place) => ({
        name,
        marks: this.points
          .map((point, at) => ({ point: point[name], kept: point.kept, round: point.round, x: this.x(at) + (place - 1) * APART }))
          .filter((mark) => mark.point)
          .map((mark) => ({ ...mark, y: this.y(mark.point.value), low: this.y(mark.point.low), high: this.y(mark.point.high) })),
      }));
      return lines.filter((one) => one.marks.length).map((one) => ({ ...one, d: joined[one.name]?.(one.marks) }));
    },
    ticks() {
      const step = Math.max(1, Math.ceil(this.points.length / 12));
      return this.points.map((point, at) => ({ at: this.x(at), round: point.round })).filter((_, at) => at % step === 0);
    },
  },
  methods: {
    t, percent,
    x(at) {
      const most = Math.max(this.points.length - 1, 1);
      return LEFT + 8 + (at / most) * (WIDTH - LEFT - RIGHT - 16);
    },
    y: (value) => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM),
    path: (marks) => marks.map((mark, at) => `${at ? "L" : "M"}${mark.x} ${mark.y}`).join(""),
    /** Each round's gate plays the cases of what it is about, so its scores compare within a round only. */
    pairs() {
      return this.points
        .map((point, at) => (point.incumbent && point.gate ? `M${this.x(at)} ${this.y(point.incumbent.value)}L${this.x(at) + APART} ${this.y(point.gate.value)}` : ""))
        .join("");
    },
    told: (point) => (point ? `${percent(point.value)} (${percent(point.low)}–${percent(point.high)})` : "–"),
  },
  template: `
    <div class="improve-chart">
      <p v-if="!series.length" class="hint">{{ t('improve.chart_empty') }}</p>
      <template v-else>
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" :aria-label="t('improve.chart')">
          <g class="frame"><g v-for="share in [0, 0.25, 0.5, 0.75, 1]" :key="share"><line x1="${LEFT}" :x2="${WIDTH - RIGHT}" :y1="y(share)" :y2="y(share)" /><text x="${LEFT - 6}" :y="y(share) + 4" text-anchor="end">{{ percent(share) }}</text></g>
            <text v-for="tick in ticks" :key="tick.round" :x="tick.at" y="${HEIGHT - 8}" text-anchor="middle">{{ tick.round }}</text></g>
          <g v-for="one in series" :key="one.name" :class="one.name"><path v-if="one.d" :d="one.d" />
            <g v-for="mark in one.marks" :key="mark.round"><line :x1="mark.x" :x2="mark.x" :y1="mark.low" :y2="mark.high" /><circle :cx="mark.x" :cy="mark.y" :r="one.name === 'gate' && mark.kept ? 6 : 3.5" /></g></g>
        </svg>
        <ul class="legend"><li v-for="one in series" :key="one.name" :class="one.name"><i aria-hidden="true"></i>{{ t('improve.chart.' + one.name) }}</li></ul>
        <p class="hint">{{ t('improve.chart_hint') }}</p>
        <details><summary>{{ t('improve.as_table') }}</summary><div class="scroll" tabindex="0" role="region" :aria-label="t('improve.chart')"><table class="ledger"><thead><tr><th scope="col">{{ t('improve.round') }}</th><th v-for="one in series" :key="one.name" scope="col">{{ t('improve.chart.' + one.name) }}</th></tr></thead>
          <tbody><tr v-for="point in points" :key="point.round"><th scope="row">{{ point.round }}</th><td v-for="one in series" :key="one.name">{{ told(point[one.name]) }}</td></tr></tbody></table></div></details>
      </template>
    </div>`,
};

/** The e-value after each pair, on a logarithmic scale; the dashed line is what a keep needs. */
export const EvidencePath = {
  name: "OrEvidencePath",
  props: { path: Array, alpha: Number },
  computed: {
    points() {
      return this.path.map((value, at) => `${(4 + (at / Math.max(this.path.length - 1, 1)) * 112).toFixed(1)},${this.y(value).toFixed(1)}`).join(" ");
    },
  },
  methods: {
    y(value) {
      const top = Math.log(2 / this.alpha), bottom = Math.log(0.1);
      return 34 - ((Math.min(Math.max(Math.log(value), bottom), top) - bottom) / (top - bottom)) * 30;
    },
  },
  template: `<svg class="evidence" viewBox="0 0 120 38" aria-hidden="true"><line x1="2" x2="118" :y1="y(1 / alpha)" :y2="y(1 / alpha)" /><polyline :points="points" /></svg>`,
};
