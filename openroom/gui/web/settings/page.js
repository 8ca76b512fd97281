// Settings: one's own choices in this browser; for operators who speaks, what may be spent, and who was invited.
import { PersonaChoice } from "../personas/choice.js";
import { api } from "../shared/api.js";
import { loadWords, t, words } from "../shared/i18n.js";
import { store } from "../shared/keep.js";
import { modelChip } from "../shared/model_chip.js";
import { setMotion, setTheme } from "../shared/theme.js";
import { REMOTE } from "../voice/synthesiser.js";
import { OperatorPanel } from "./operator_panel.js";

const YEAR_S = 31536000;

export const SettingsPage = {
  name: "OrSettingsPage",
  components: { OperatorPanel, PersonaChoice },
  props: { prefix: String, language: String, languages: Object },
  data: () => ({ words, me: null, name: "", theme: store.get("openroom.theme", ""), motion: store.get("openroom.motion", "") === "less", remoteVoices: store.get(REMOTE, "") === "yes", reminder: store.get("openroom.reminder", "90"), consent: null, saved: "", problem: "", model: null }),
  computed: {
    operator() {
      return this.me?.role === "operator";
    },
    chip() {
      return modelChip(this.model);
    },
  },
  watch: {
    theme: setTheme,
    motion: setMotion,
    remoteVoices: (now) => store.set(REMOTE, now ? "yes" : ""),
    reminder: (now) => store.set("openroom.reminder", String(now)),
  },
  async created() {
    await loadWords(this.language);
    try {
      this.me = await api(`${this.prefix}/api/session`, { method: "POST" });
      this.name ||= this.me.name || store.get("openroom.name", "");
      this.model = await api(`${this.prefix}/api/model`);
      this.consent = (await api(`${this.prefix}/api/people/me/consent`)).given;
    } catch (error) {
      this.problem = error.words;
    }
  },
  methods: {
    t,
    async rename() {
      this.saved = this.problem = "";
      try {
        this.me = await api(`${this.prefix}/api/people/me`, { method: "POST", body: { name: this.name.trim() } });
        store.set("openroom.name", this.name.trim());
        this.saved = t("settings.saved");
      } catch (error) {
        this.problem = error.words;
      }
    },
    async agree(given) {
      this.saved = this.problem = "";
      try {
        this.consent = (await api(`${this.prefix}/api/people/me/consent`, { method: "PUT", body: { given } })).given;
        this.saved = t("settings.saved");
      } catch (error) {
        this.problem = error.words;
      }
    },
    speak(language) {
      document.cookie = `openroom_language=${language}; path=/; max-age=${YEAR_S}; samesite=lax`;
      loadWords(language);
    },
  },
  template: `
    <div v-if="words.ready" class="settings" :data-role="me ? me.role : ''">
      <header class="lobby-head"><a class="round" :href="prefix + '/'" :aria-label="t('room.lobby')" :title="t('room.lobby')">‹</a><h1>{{ t('settings.title') }}</h1><span class="spacer"></span>
        <span v-if="chip" class="chip model" :data-model="chip.kind" :title="chip.detail" tabindex="0"><i aria-hidden="true"></i><span class="chip-text">{{ chip.text }}</span><span class="chip-short" aria-hidden="true">{{ chip.short }}</span></span></header>
      <div class="page-main">
        <section class="panel"><h2>{{ t('settings.you') }}</h2>
          <form class="grid" @submit.prevent="rename">
            <label>{{ t('entrance.name') }}<input v-model="name" maxlength="40" autocomplete="nickname" name="name"></label>
            <label>{{ t('settings.language') }}<select name="language" :value="words.language" @change="speak($event.target.value)"><option v-for="(own, code) in languages" :key="code" :value="code" :lang="code">{{ own }}</option></select></label>
            <label>{{ t('settings.theme') }}<select v-model="theme" name="theme"><option value="">{{ t('settings.theme_system') }}</option><option value="light">{{ t('theme.light') }}</option><option value="dark">{{ t('theme.dark') }}</option></select></label>
            <label>{{ t('settings.reminder') }}<select v-model="reminder" name="reminder"><option value="0">{{ t('settings.reminder_never') }}</option><option v-for="minutes in ['30', '60', '90', '180']" :key="minutes" :value="minutes">{{ t('settings.minutes', { n: Number(minutes) }) }}</option></select><small>{{ t('settings.reminder_hint') }}</small></label>
            <label class="check"><input v-model="motion" type="checkbox" name="motion"> {{ t('settings.less_motion') }}</label>
            <label class="check"><input v-model="remoteVoices" type="checkbox" name="remote_voices"><span>{{ t('settings.remote_voices') }}<small>{{ t('settings.remote_voices_hint') }}</small></span></label>
            <label v-if="consent !== null" class="check"><input :checked="consent" type="checkbox" name="consent" @change="agree($event.target.checked)"><span>{{ t('settings.consent') }}<small>{{ t('settings.consent_hint') }}</small></span></label>
            <div class="row"><button type="submit" class="primary">{{ t('settings.save_name') }}</button><span v-if="saved" class="ok" role="status">{{ saved }}</span></div>
          </form>
          <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
        </section>
        <section v-if="me" class="panel" data-personas><h2>{{ t('persona.title') }}</h2><p class="hint">{{ t('persona.hint') }}</p><PersonaChoice :prefix="prefix" /></section>
        <p v-if="operator" class="lobby-note"><a :href="prefix + '/improve'">{{ t('improve.link') }}</a></p>
        <OperatorPanel v-if="operator" :prefix="prefix" :kind="model ? model.kind : ''" @model="model = $event" />
        <p v-else-if="me" class="hint">{{ t('settings.not_operator') }}</p>
      </div>
    </div>`,
};
