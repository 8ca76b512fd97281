// Improve: how the characters get better, for operators. What it shows comes from the audit log; it looks every 2 s.
import { nextTick } from "vue";
import { api } from "../shared/api.js";
import { loadWords, t, words } from "../shared/i18n.js";
import { ThemeButton } from "../shared/theme.js";
import { ImproveCharacter } from "./character.js";
import { ImproveRound } from "./round.js";
import { ImproveRun } from "./run.js";
import { ImproveRuns } from "./runs.js";
import { ImproveTasting } from "./tasting.js";
import { roundHref, runHref } from "./words.js";

const EVERY_MS = 2000;

export const ImprovePage = {
  name: "OrImprovePage",
  components: { ImproveCharacter, ImproveRound, ImproveRun, ImproveRuns, ImproveTasting, ThemeButton },
  props: { prefix: String, language: String, languages: Object, character: String },
  data: () => ({ words, me: null, place: [""], all: null, one: null, run: null, round: null, taste: null, trouble: "", audit: null, busy: false }),
  computed: {
    base() {
      return `${this.prefix}/api/tuning`;
    },
    back() {
      if (this.place[0] === "taste") return roundHref(this.place[1], this.place.slice(1).join("/"));
      if (this.place[0] === "round") return runHref(this.place[1]);
      if (this.place[0] === "run") return "#";
      return this.character ? `${this.prefix}/improve` : `${this.prefix}/`;
    },
    title() {
      return this.one?.name ?? this.run?.character ?? t("improve.title");
    },
  },
  async created() {
    await loadWords(this.language);
    this.me = await api(`${this.prefix}/api/session`, { method: "POST" }).catch(() => null);
    this.listen = () => this.go(true);
    addEventListener("hashchange", this.listen);
    await this.go(false);
    this.timer = setInterval(() => !document.hidden && this.load(), EVERY_MS);
  },
  beforeUnmount() {
    clearInterval(this.timer);
    removeEventListener("hashchange", this.listen);
  },
  methods: {
    t,
    async go(moved) {
      this.place = location.hash.slice(1).split("/").map(decodeURIComponent);
      Object.assign(this, { run: null, round: null, taste: null });
      await this.load();
      if (moved) {
        scrollTo(0, 0);
        nextTick(() => this.$refs.heading?.focus());
      }
    },
    async load() {
      if (this.me?.role !== "operator") return;
      const [what, run, ...rest] = this.place;
      try {
        const asking = this.round?.holdout?.state === "asking";
        if (what === "round" && (!this.round || asking)) this.round = await api(`${this.base}/rounds/${encodeURIComponent(run)}/${rest.join("/")}`);
        else if (what === "taste" && this.taste?.state !== "pair") this.taste = await api(`${this.base}/rounds/${encodeURIComponent(run)}/${rest.join("/")}/tasting`);
        else if (what === "run") this.run = await api(`${this.base}/runs/${encodeURIComponent(run)}`);
        else if (!["round", "taste"].includes(what) && this.character) this.one = await api(`${this.base}/characters/${encodeURIComponent(this.character)}`);
        else if (!["round", "taste"].includes(what)) this.all = await api(this.base);
        this.trouble = "";
      } catch (error) {
        if (!error.words) throw error;
        this.trouble = error.message || error.words;
      }
    },
    async act(what) {
      this.busy = true;
      try {
        await api(`${this.base}/runs/${encodeURIComponent(this.run.run)}`, { method: "POST", body: { do: what } });
      } catch (error) {
        this.trouble = error.message || error.words;
      }
      this.busy = false;
      await this.load();
    },
    async check() {
      this.busy = true;
      this.audit = await api(`${this.base}/audit`).catch((error) => ({ ok: false, problems: [error.message] }));
      this.busy = false;
    },
  },
  template: `
    <div v-if="words.ready" class="settings improve" :data-role="me ? me.role : ''" :data-state="trouble ? 'trouble' : all || one || run || round || taste ? 'ready' : 'loading'">
      <header class="lobby-head"><a class="round" :href="back" :aria-label="t('improve.back')" :title="t('improve.back')">‹</a><h1 ref="heading" tabindex="-1">{{ title }}</h1><span class="spacer"></span><ThemeButton /></header>
      <div class="page-main">
        <p v-if="me && me.role !== 'operator'" class="panel">{{ t('improve.not_operator') }}</p>
        <p v-if="trouble" class="problem panel" role="alert">{{ trouble }}</p>
        <ImproveRound v-if="place[0] === 'round' && round" :key="round.round" :prefix="prefix" :round="round" @changed="round = $event" />
        <ImproveTasting v-else-if="place[0] === 'taste' && taste" :base="base" :round="place.slice(1).join('/')" :taste="taste" @changed="taste = $event" />
        <ImproveRun v-else-if="place[0] === 'run' && run" :run="run" :busy="busy" @act="act" />
        <ImproveCharacter v-else-if="one && !place[0]" :prefix="prefix" :one="one" @changed="load" />
        <template v-else-if="all && !place[0]">
          <p class="improve-lead">{{ t('improve.lead') }}</p>
          <section class="panel"><h2>{{ t('improve.characters') }}</h2><ul class="improve-cast"><li v-for="one in all.characters" :key="one.id"><a :href="prefix + '/improve/' + encodeURIComponent(one.id)" :data-character="one.id"><b>{{ one.name }}</b><span v-if="one.needs_you" class="badge needs">{{ t('improve.needs_you', { n: one.needs_you }) }}</span><span v-if="one.canary" class="badge">{{ t('improve.state.canary') }}</span></a></li></ul></section>
          <ImproveRuns :runs="all.runs" />
          <section class="panel"><h2>{{ t('improve.audit') }}</h2><div class="row"><button type="button" data-act="audit" :disabled="busy" @click="check">{{ t('improve.audit_check') }}</button>
            <p v-if="audit" role="status" :class="audit.ok ? 'ok' : 'problem'" :data-audit="audit.ok ? 'ok' : 'bad'">{{ audit.ok ? t('improve.audit_ok', { entries: audit.entries, blobs: audit.blobs }) : audit.problems.join(' ') }}<template v-if="audit.recorded"> {{ t(audit.recorded.ok ? 'improve.audit_recorded' : 'improve.audit_recorded_bad', { entries: audit.recorded.entries }) }}</template></p></div></section>
        </template>
      </div>
    </div>`,
};
