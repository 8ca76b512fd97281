// What a card's prose says as facts, voice and secrets: text to read and copy into character.yaml. Nothing is written.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { patient } from "./send.js";

export const DraftCard = {
  name: "OrDraftCard",
  props: { prefix: String, who: String },
  data: () => ({ parts: ["card", "cases"], part: "card", draft: null, problem: "", copied: false }),
  computed: {
    file() {
      return this.part === "card" ? "character.yaml" : "cases.yaml";
    },
  },
  watch: {
    part() {
      this.copied = false;
    },
  },
  async created() {
    try {
      this.draft = await patient(() => api(`${this.prefix}/api/cards/${encodeURIComponent(this.who)}/draft`));
    } catch (error) {
      if (!error.words) throw error;
      this.problem = error.words;
    }
  },
  methods: {
    t,
    /** Onto the clipboard; where the browser has none to give, the text is marked, so that one key copies it. */
    async copy() {
      try {
        await navigator.clipboard.writeText(this.draft[this.part]);
        this.copied = true;
      } catch {
        getSelection().selectAllChildren(this.$refs.text);
        this.$refs.text.focus();
      }
    },
  },
  template: `
    <div class="card-draft" data-draft>
      <p class="hint">{{ t('draft.about') }}</p>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <p v-else-if="!draft" class="hint" role="status">{{ t('draft.reading') }}</p>
      <p v-else-if="!draft.found" role="status" data-draft-none>{{ t('draft.none') }}</p>
      <template v-else>
        <div class="row draft-parts" role="group" :aria-label="t('draft.title')"><button v-for="one in parts" :key="one" type="button" :aria-pressed="part === one ? 'true' : 'false'" :data-part="one" @click="part = one">{{ t('draft.' + one) }}</button></div>
        <pre ref="text" class="draft-text" tabindex="0" :aria-label="file" data-draft-text>{{ draft[part] }}</pre>
        <p class="hint" role="status">{{ copied ? t('draft.copied', { file }) : t('draft.into', { file }) }}</p>
      </template>
      <div class="row"><button v-if="!draft || draft.found" type="button" class="primary" :disabled="!draft" data-copy @click="copy">{{ t('draft.copy') }}</button><slot></slot></div>
    </div>`,
};
