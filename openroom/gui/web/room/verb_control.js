// A verb with many choices as one line: a control for each of its parameters, or a list of what its choices are called.
import { t } from "../shared/i18n.js";

/** More choices than this of one verb are one control. */
export const FEW = 4;
/** The server offers so many combinations of a verb's values at most (openroom/props/declared/fields.py). */
const MOST_OFFERED = 24;

export const VerbControl = {
  name: "OrVerbControl",
  props: { options: Array, verb: Object, told: Function, busy: Boolean },
  emits: ["choose"],
  data: () => ({ wished: {} }),
  computed: {
    label() {
      return this.told(this.verb?.label ?? this.options[0].verb);
    },
    /** Its parameters with their values now. A label that does not name them all says that its choices have names of their own. */
    params() {
      const all = Object.entries(this.verb?.params ?? {}).filter(([name]) => name !== this.options[0].text);
      if ((this.verb?.label.match(/…/g) ?? []).length < all.length || !all.length) return [{ name: "", values: this.options.map(({ id }) => id) }];
      return all.map(([name, schema]) => ({ name, values: this.values(name, schema), steps: schema.type === "integer" }));
    },
    chosen() {
      return Object.fromEntries(this.params.map((param) => [param.name, param.values.includes(this.wished[param.name]) ? this.wished[param.name] : this.first(param)]));
    },
    option() {
      if ("" in this.chosen) return this.options.find(({ id }) => id === this.chosen[""]);
      const known = this.options.find(({ args }) => this.params.every(({ name }) => args[name] === this.chosen[name]));
      return known ?? (this.options.length < MOST_OFFERED ? undefined : { ...this.options[0], args: this.chosen });
    },
  },
  methods: {
    t,
    values(name, { type, minimum, maximum, enum: words }) {
      if (words) return words;
      if (type === "integer" && maximum >= minimum) return Array.from({ length: maximum - minimum + 1 }, (_, step) => minimum + step);
      return [...new Set(this.options.map(({ args }) => args[name]))];
    },
    /** What a parameter begins with: where all of its values but one are offered, that is how it stands now. */
    first({ name, values }) {
      const offered = new Set(this.options.map(({ args }) => args?.[name]));
      const missing = name ? values.filter((value) => !offered.has(value)) : [];
      return missing.length === 1 ? missing[0] : values.find((value) => !missing.includes(value));
    },
    word(name, value) {
      if (!name) return this.told(this.options.find(({ id }) => id === value).label);
      return typeof value === "boolean" ? t(value ? "panel.yes" : "panel.no") : this.told(String(value));
    },
    step({ name, values }, by) {
      this.wished[name] = values[values.indexOf(this.chosen[name]) + by];
    },
    isEnd({ name, values }, by) {
      return values[values.indexOf(this.chosen[name]) + by] === undefined;
    },
  },
  template: `
    <div class="verb-control" role="group" :aria-label="label" :data-verb="options[0].prop + '.' + options[0].verb">
      <span class="verb-label" aria-hidden="true">{{ label }}</span>
      <span v-for="param in params" :key="param.name" class="verb-value">
        <span v-if="params.length > 1" class="verb-param">{{ param.name.replaceAll('_', ' ') }}</span>
        <button v-if="param.steps" type="button" class="step" :aria-label="t('panel.less')" :disabled="isEnd(param, -1)" @click="step(param, -1)">−</button>
        <select :aria-label="param.name ? param.name.replaceAll('_', ' ') : label" :value="chosen[param.name]" @change="wished[param.name] = param.values[$event.target.selectedIndex]">
          <option v-for="value in param.values" :key="value" :value="value">{{ word(param.name, value) }}</option>
        </select>
        <button v-if="param.steps" type="button" class="step" :aria-label="t('panel.more')" :disabled="isEnd(param, 1)" @click="step(param, 1)">+</button>
      </span>
      <button type="button" class="do" :disabled="busy || !option" @click="$emit('choose', option)">{{ t('panel.do') }}<template v-if="option?.text">…</template></button>
    </div>`,
};
