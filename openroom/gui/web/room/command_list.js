// What completes a command that is being written: a list above the box, for keys and fingers. The box keeps the focus.
import { t } from "../shared/i18n.js";

export const CommandList = {
  name: "OrCommandList",
  props: { offers: Array, at: Number },
  emits: ["take"],
  watch: {
    at: { flush: "post", handler() { this.$refs.list.children[this.at]?.scrollIntoView({ block: "nearest" }); } },
  },
  methods: { t },
  template: `
    <ul id="command-list" ref="list" class="command-list" role="listbox" tabindex="0" :aria-label="t('command.list')">
      <li v-for="(one, index) in offers" :id="'command-' + index" :key="one.text" role="option" :aria-selected="index === at ? 'true' : 'false'" :data-offer="one.text.trim()" @mousedown.prevent @click="$emit('take', one)"><b>{{ one.label }}</b><span v-if="one.about">{{ one.about }}</span></li>
    </ul>`,
};
