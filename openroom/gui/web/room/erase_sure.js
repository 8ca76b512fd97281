// The question before words are erased. Nothing happens by one slip: it stands apart, and the way back has the focus.
import { t } from "../shared/i18n.js";

export const EraseSure = {
  name: "OrEraseSure",
  emits: ["yes", "no"],
  mounted() {
    this.$refs.no.focus();
    this.$el.scrollIntoView({ block: "nearest" });
  },
  methods: { t },
  template: `
    <span class="erase-sure" role="group" :aria-label="t('erase.question')" @keydown.esc.stop="$emit('no')">
      <span>{{ t('erase.question') }}</span>
      <button type="button" class="danger" data-erase="yes" @click="$emit('yes')">{{ t('erase.yes') }}</button>
      <button ref="no" type="button" data-erase="no" @click="$emit('no')">{{ t('erase.no') }}</button>
    </span>`,
};
