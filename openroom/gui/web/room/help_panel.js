// All that can be typed in the box beside words to say.
import { t } from "../shared/i18n.js";
import { commandsFor } from "./commands.js";

export const HelpPanel = {
  name: "OrHelpPanel",
  props: { room: Object },
  emits: ["close"],
  computed: {
    commands() {
      return commandsFor(this.room);
    },
  },
  mounted() {
    this.$el.querySelector(".close").focus();
  },
  methods: { t },
  template: `
    <section class="panel help-panel" role="dialog" :aria-label="t('command.help.title')">
      <header><h2>{{ t('command.help.title') }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <dl><template v-for="one in commands" :key="one.name"><dt>/{{ one.name }}</dt><dd>{{ t(one.about) }}</dd></template></dl>
      <p class="hint">{{ t('command.help.keys') }}</p>
    </section>`,
};
