// What only an operator sets: the model, budgets, invitations. A key is written and never shown.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { TakeBack } from "../shared/invites.js";
import { WeightsPanel } from "./weights_panel.js";

const LEVELS = ["auto", "small", "fair", "able"];
const BUDGETS = ["budget_tokens_per_day", "budget_tokens_per_room_day", "budget_usd_per_day", "budget_usd_per_room_day", "price_prompt", "price_cached", "price_completion"];

export const OperatorPanel = {
  name: "OrOperatorPanel",
  components: { TakeBack, WeightsPanel },
  props: { prefix: String, kind: String },
  emits: ["model"],
  data: () => ({ settings: null, model: "", url: "", key: "", level: "auto", levels: [], budgets: {}, ledger: null, tokens: [], made: "", wish: { role: "player", uses: 1, note: "" }, said: {}, trouble: {}, busy: false, BUDGETS, LEVELS }),
  async created() {
    await this.load("model");
  },
  methods: {
    t,
    when: (at) => new Date(at).toLocaleString(),
    async load(part) {
      await this.attempt(part, async () => {
        const [{ settings }, ledger, { tokens }, now] = await Promise.all(["settings", "ledger", "tokens", "model"].map((name) => api(`${this.prefix}/api/${name}`)));
        this.take(settings);
        Object.assign(this, { ledger, tokens, levels: now.levels ?? [] });
      });
    },
    take(settings) {
      this.settings = settings;
      this.model = settings.model ?? "";
      this.url = settings.model_url ?? "";
      this.level = settings.model_level ?? "auto";
      this.key = "";
      this.budgets = Object.fromEntries(BUDGETS.map((name) => [name, settings[name] ?? ""]));
    },
    async attempt(part, work) {
      this.trouble = { ...this.trouble, [part]: "" };
      this.said = { ...this.said, [part]: "" };
      this.busy = true;
      try {
        this.said[part] = (await work()) ?? "";
      } catch (error) {
        if (!error.words) throw error;
        this.trouble[part] = error.words;
      }
      this.busy = false;
    },
    saveModel() {
      return this.attempt("model", async () => {
        const body = { model: this.model.trim(), url: this.url.trim(), level: this.level };
        if (this.key) body.key = this.key;
        const now = await api(`${this.prefix}/api/model`, { method: "PUT", body });
        this.$emit("model", now);
        this.take((await api(`${this.prefix}/api/settings`)).settings);
        this.levels = (await api(`${this.prefix}/api/model`)).levels ?? [];
        return now.why || t("settings.saved");
      });
    },
    chosen() {
      return this.attempt("model", async () => {
        this.$emit("model", await api(`${this.prefix}/api/model`));
        this.take((await api(`${this.prefix}/api/settings`)).settings);
      });
    },
    tryModel() {
      return this.attempt("model", async () => {
        const { name, ms } = await api(`${this.prefix}/api/model/test`, { method: "POST" });
        return t("settings.model_answers", { name, s: (ms / 1000).toFixed(1) });
      });
    },
    saveBudgets() {
      return this.attempt("budget", async () => {
        const body = Object.fromEntries(BUDGETS.map((name) => [name, this.budgets[name] === "" ? null : Number(this.budgets[name])]));
        this.take((await api(`${this.prefix}/api/settings`, { method: "PUT", body })).settings);
        return t("settings.saved");
      });
    },
    invite() {
      return this.attempt("tokens", async () => {
        this.made = (await api(`${this.prefix}/api/tokens`, { method: "POST", body: { ...this.wish, uses: Number(this.wish.uses) } })).url;
        this.tokens = (await api(`${this.prefix}/api/tokens`)).tokens;
      });
    },
    revoke(token, guests) {
      return this.attempt("tokens", async () => {
        await api(`${this.prefix}/api/tokens/${encodeURIComponent(token.id)}?guests=${guests}`, { method: "DELETE" });
        this.tokens = (await api(`${this.prefix}/api/tokens`)).tokens;
      });
    },
  },
  template: `
    <div>
      <section class="panel" data-part="model"><h2>{{ t('settings.model') }}</h2><p class="hint">{{ t('settings.model_hint') }}</p>
        <form v-if="settings" class="grid" @submit.prevent="saveModel">
          <label>{{ t('settings.model_name') }}<input v-model="model" name="model" list="known-models" autocomplete="off"><small>{{ t('settings.model_name_hint') }}</small><datalist id="known-models"><option value="local"></option><option value="understudy"></option></datalist></label>
          <label>{{ t('settings.model_url') }}<input v-model="url" name="url" type="url" placeholder="https://…/v1" autocomplete="off"></label>
          <label>{{ t('settings.model_key') }}<input v-model="key" name="key" type="password" autocomplete="new-password" :placeholder="settings.model_key_set ? t('settings.key_set') : t('settings.key_none')"><small>{{ t('settings.key_hint') }}</small></label>
          <label>{{ t('settings.level') }}<select v-model="level" name="level"><option v-for="one in LEVELS" :key="one" :value="one">{{ t('settings.level.' + one) }}</option></select><small v-for="one in levels" :key="one.kind + one.name" data-level>{{ t('settings.level_is', { name: one.name, level: t('settings.level.' + one.level), from: t('settings.level_from.' + one.from, { points: one.points ?? 0 }) }) }}</small></label>
          <div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('settings.save_model') }}</button><button v-if="kind && kind !== 'understudy'" type="button" :disabled="busy" @click="tryModel">{{ t('settings.try_model') }}</button><span v-if="said.model" class="ok" role="status">{{ said.model }}</span></div>
        </form>
        <p v-if="trouble.model" class="problem" role="alert">{{ trouble.model }}</p>
      </section>
      <WeightsPanel :prefix="prefix" @changed="chosen" />
      <section class="panel" data-part="budget"><h2>{{ t('settings.budgets') }}</h2>
        <table v-if="ledger" class="ledger"><thead><tr><th scope="col"></th><th scope="col">{{ t('settings.calls') }}</th><th scope="col">{{ t('settings.tokens') }}</th><th scope="col">$</th></tr></thead>
          <tbody><tr v-for="span in ['today', 'all']" :key="span"><th scope="row">{{ t('settings.' + span) }}</th><td>{{ ledger[span].calls }}</td><td>{{ ledger[span].tokens }}</td><td>{{ ledger[span].usd.toFixed(4) }}</td></tr></tbody></table>
        <form v-if="settings" class="grid" @submit.prevent="saveBudgets">
          <label v-for="name in BUDGETS" :key="name">{{ t('settings.' + name) }}<input v-model="budgets[name]" :name="name" type="number" min="0" step="any"></label>
          <div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('settings.save') }}</button><span v-if="said.budget" class="ok" role="status">{{ said.budget }}</span></div>
        </form>
        <p v-if="trouble.budget" class="problem" role="alert">{{ trouble.budget }}</p>
      </section>
      <section class="panel" data-part="tokens"><h2>{{ t('settings.invites') }}</h2>
        <form class="grid" @submit.prevent="invite">
          <label>{{ t('settings.role') }}<select v-model="wish.role" name="role"><option v-for="role in ['spectator', 'player', 'creator', 'operator']" :key="role" :value="role">{{ t('role.' + role) }}</option></select></label>
          <label>{{ t('settings.uses') }}<input v-model="wish.uses" name="uses" type="number" min="0" max="1000"><small>{{ t('settings.uses_hint') }}</small></label>
          <label>{{ t('settings.note') }}<input v-model="wish.note" name="note" maxlength="200"></label>
          <div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('settings.make_link') }}</button></div>
        </form>
        <p v-if="made" class="made" role="status">{{ made }}</p><p v-if="trouble.tokens" class="problem" role="alert">{{ trouble.tokens }}</p>
        <ul class="people"><li v-for="token in tokens.filter((one) => !one.revoked)" :key="token.id"><span class="about"><b>{{ t('role.' + token.role) }}</b><small>{{ [token.note, token.room].filter(Boolean).join(' · ') }}</small></span><TakeBack :asks="Boolean(token.room)" :busy="busy" @take="revoke(token, $event)" /></li></ul>
      </section>
    </div>`,
};
