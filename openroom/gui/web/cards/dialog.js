// The frame of what the lobby asks about characters: a veil and a panel, closed with Escape; focus comes in and goes back.
import { t } from "../shared/i18n.js";

export const CardDialog = {
  name: "OrCardDialog",
  props: { title: String, eyebrow: String, wide: Boolean },
  emits: ["close"],
  created() {
    this.opener = document.activeElement;
  },
  mounted() {
    // what is in it may have taken the focus already, as the choice of a face does
    if (!this.$refs.panel.contains(document.activeElement)) this.$refs.panel.focus();
    // a button that goes from the page when it is pressed takes the focus with it, and Escape then reaches nothing
    this.changes = new MutationObserver(() => this.hold());
    this.changes.observe(this.$refs.panel, { childList: true, subtree: true });
  },
  beforeUnmount() {
    this.changes.disconnect();
    if (this.opener?.isConnected) this.opener.focus?.();
  },
  methods: {
    t,
    hold() {
      const { activeElement, body } = document;
      if (!activeElement || activeElement === body) this.$refs.panel?.focus();
    },
    /** A button that is pressed and cannot be pressed again loses it a moment later. */
    holdSoon() {
      requestAnimationFrame(() => setTimeout(this.hold));
    },
  },
  template: `
    <div class="veil card-veil" @keydown.esc.stop="$emit('close')" @focusout="holdSoon">
      <section ref="panel" class="panel card-dialog" :class="{ wide }" role="dialog" aria-modal="true" aria-labelledby="card-title" tabindex="-1">
        <header><div><p v-if="eyebrow" class="eyebrow">{{ eyebrow }}</p><h2 id="card-title" class="clamped" :title="title">{{ title }}</h2></div><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
        <slot></slot>
      </section>
    </div>`,
};
