// The approval page: what speaks against a candidate first, then why, what changed, and the four answers.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { EvidencePath } from "./chart.js";
import { dimension, percent, roundHref, runHref, short, signed, stateOf, tasted, tasteHref } from "./words.js";

export const ImproveRound = {
  name: "OrImproveRound",
  components: { EvidencePath },
  props: { prefix: String, round: Object },
  emits: ["changed"],
  data: () => ({ open: "", why: "", override: "", share: 0.2, texts: [], trouble: "", said: "", busy: false, rooms: [], blind: "", was: "" }),
  computed: {
    path() {
      return `${this.prefix}/api/tuning/rounds/${encodeURIComponent(this.round.run)}/${this.round.round.split("/").slice(1).join("/")}`;
    },
    waiting() {
      return !this.round.recorded && this.round.state === "awaiting_approval";
    },
    editable() {
      return this.round.diff.length > 0 && this.round.diff.every((one) => one.editable);
    },
    deciding() {
      return !this.round.recorded && ["awaiting_approval", "approved", "auto_kept", "canary"].includes(this.round.state);
    },
    releasable() {
      return ["approved", "canary"].includes(this.round.state);
    },
    holdout() {
      return this.round.holdout?.state ?? "not_asked";
    },
    tasting() {
      return this.round.tasting?.state ?? "";
    },
    passes() {
      return this.tasting ? this.tasting === "passed" : this.holdout !== "failed";
    },
    needsWords() {
      return this.tasting ? this.tasting !== "passed" : ["failed", "unplayed"].includes(this.holdout);
    },
    taste() {
      return tasteHref(this.round.run, this.round.round);
    },
  },
  methods: {
    t, dimension, percent, short, signed, stateOf, runHref, tasted,
    when: (at) => new Date(at * 1000).toLocaleString(),
    toggle(part) {
      this.open = this.open === part ? "" : part;
      this.texts = this.round.diff.map((one) => one.after);
      this.trouble = "";
    },
    async attempt(work) {
      Object.assign(this, { trouble: "", said: "", busy: true });
      try {
        await work();
      } catch (error) {
        if (!error.words) throw error;
        this.trouble = error.reason === "not_allowed" ? error.message : error.words;
      }
      this.busy = false;
    },
    answer(answer, more = {}) {
      const body = { answer, patch_digest: this.round.patch_digest, evidence_digest: this.round.evidence_digest, why: this.why, ...more };
      return this.attempt(async () => {
        const now = await api(`${this.path}/decision`, { method: "POST", body });
        this.open = this.why = this.override = "";
        this.said = answer === "later" ? t("improve.put_off") : now.holdout?.state === "asking" ? t("improve.holdout.asking") : t("improve.done", { state: stateOf(now.state) });
        this.$emit("changed", now);
      });
    },
    edit() {
      return this.attempt(async () => {
        const { run } = await api(`${this.path}/edit`, { method: "POST", body: { texts: this.texts } });
        location.hash = runHref(run);
      });
    },
    tryOut(blind) {
      return this.attempt(async () => {
        Object.assign(this, { was: "", ...(await api(`${this.path}/rooms`, { method: "POST", body: { blind } })) });
        if (!blind) this.blind = "";
      });
    },
    judge(better) {
      return this.attempt(async () => {
        const { candidate } = await api(`${this.prefix}/api/tuning/blind/${this.blind}`, { method: "POST", body: { better } });
        Object.assign(this, { blind: "", was: t("improve.blind_was", { letter: candidate.toUpperCase() }) });
      });
    },
    other(round) {
      return roundHref(this.round.run, round);
    },
    arm: (arms, name) => (arms[name] ? percent(arms[name].mean) : "–"),
  },
  template: `
    <div :data-round="round.round" :data-state="round.state">
      <section class="panel"><div class="row head"><h2>{{ t('improve.round_n', { n: round.number }) }}</h2><span class="state" :class="round.state">{{ stateOf(round.state, round.recorded) }}</span><span v-if="round.recorded" class="badge">{{ t('improve.recorded') }}</span><span class="badge">{{ t('improve.tier', { n: round.tier }) }}</span></div>
        <p v-for="one in round.why" :key="one.dimension + one.why" class="why">{{ t('improve.because', { dimension: dimension(one.dimension) }) }} <span lang="en">{{ one.why }}</span></p>
        <p class="hint">{{ t('improve.by', { who: round.proposer || '–' }) }} · {{ t('improve.tokens', { n: round.tokens }) }}</p></section>
      <section class="panel against" data-part="against"><h2>{{ t('improve.against') }}</h2>
        <ul v-if="round.against.length || round.reasons.length" lang="en"><li v-for="one in [...round.against, ...round.reasons]" :key="one">{{ one }}</li></ul><p v-else class="hint">{{ t('improve.against_none') }}</p></section>
      <section v-if="round.changes.length" class="panel" data-part="changes"><h2>{{ t('improve.changes') }}</h2>
        <ul class="bars"><li v-for="one in round.changes" :key="one.dimension" :class="{ fell: one.mean < 0 }"><span>{{ dimension(one.dimension) }}</span><i aria-hidden="true"><b :style="{ left: (one.mean < 0 ? 50 + one.mean * 50 : 50) + '%', width: Math.abs(one.mean) * 50 + '%' }"></b></i><span class="num">{{ signed(one.mean) }} <small>{{ t('improve.pairs', { n: one.pairs }) }}</small></span><strong v-if="one.mean < 0" class="warn">⚠ {{ t('improve.fell') }}</strong></li></ul></section>
      <section class="panel" data-part="diff"><h2>{{ t('improve.diff') }}</h2>
        <div v-for="one in round.diff" :key="one.path" class="diff"><h3>{{ one.op.replaceAll('_', ' ') }} <code>{{ one.path }}</code></h3>
          <div class="sides"><div class="before"><h4>{{ t('improve.before') }}</h4><p>{{ one.before || t('improve.nothing') }}</p></div><div class="after"><h4>{{ t('improve.after') }}</h4><p>{{ one.after || t('improve.nothing') }}</p></div></div></div>
        <p v-if="!round.diff.length" class="hint">{{ t('improve.nothing') }}</p></section>
      <section v-if="deciding" class="panel decide" data-part="decide"><h2>{{ t('improve.decide') }}</h2>
        <p v-if="tasting" :data-tasting="tasting"><b>{{ t('improve.taste.title') }}:</b> {{ t('improve.taste.state.' + tasting) }} <a class="link" :href="taste">{{ t('improve.taste.open') }}</a></p>
        <p v-else-if="round.holdout" :data-holdout="holdout"><b>{{ t('improve.holdout') }}:</b> {{ t('improve.holdout.' + holdout) }} <span v-if="round.holdout.why" lang="en">{{ round.holdout.why }}</span></p>
        <p v-if="round.proposed_by_you" class="problem">{{ t('improve.proposed_by_you') }}</p>
        <div class="row"><template v-if="waiting"><button type="button" class="primary" data-answer="approve" :disabled="busy" @click="toggle('approve')">{{ t('improve.approve') }}</button>
            <button v-if="editable" type="button" data-answer="edit" :disabled="busy" @click="toggle('edit')">{{ t('improve.edit') }}</button></template>
          <button v-if="['approved', 'auto_kept'].includes(round.state)" type="button" class="primary" data-answer="canary" :disabled="busy" @click="answer('canary', { share })">{{ t('improve.start_canary') }}</button>
          <button v-if="releasable && passes" type="button" :class="{ primary: round.state === 'canary' }" data-answer="release" :disabled="busy || holdout === 'asking'" @click="answer('release')">{{ t('improve.release') }}</button>
          <button v-if="releasable && needsWords" type="button" data-answer="override" :disabled="busy" @click="toggle('override')">{{ t('improve.release_anyway') }}</button>
          <button v-if="round.state !== 'approved'" type="button" data-answer="reject" :disabled="busy" @click="toggle('reject')">{{ t('improve.reject') }}</button>
          <button v-if="waiting" type="button" data-answer="later" :disabled="busy" @click="answer('later')">{{ t('improve.later') }}</button></div>
        <form v-if="open === 'approve'" class="stack" @submit.prevent="answer('approve', { share: Number(share) })"><label>{{ t('improve.share') }}<select v-model="share" name="share"><option v-for="one in [0, 0.1, 0.2, 0.5]" :key="one" :value="one">{{ one ? percent(one) : t('improve.share_none') }}</option></select></label><label>{{ t('improve.note') }}<input v-model="why" name="why" maxlength="500"></label><div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('improve.approve') }}</button><p class="hint">{{ t('improve.binds', { patch: short(round.patch_digest), evidence: short(round.evidence_digest) }) }}</p></div></form>
        <form v-if="open === 'reject'" class="stack" @submit.prevent="answer('reject')"><label>{{ t('improve.reason') }}<input v-model="why" name="reason" maxlength="500" required></label><div class="row"><button type="submit" class="primary" :disabled="busy || !why.trim()">{{ t('improve.reject') }}</button></div></form>
        <form v-if="open === 'override'" class="stack" @submit.prevent="answer('release', { override })"><label>{{ t('improve.override') }}<input v-model="override" name="override" maxlength="500" required></label><div class="row"><button type="submit" class="primary" :disabled="busy || !override.trim()">{{ t('improve.release_anyway') }}</button></div></form>
        <form v-if="open === 'edit'" class="stack" @submit.prevent="edit"><p class="hint">{{ t('improve.edit_hint') }}</p><label v-for="(one, at) in round.diff" :key="one.path">{{ one.path }}<textarea v-model="texts[at]" rows="3" maxlength="4000"></textarea></label><div class="row"><button type="submit" class="primary" :disabled="busy">{{ t('improve.send_edit') }}</button></div></form>
        <p v-if="trouble" class="problem" role="alert">{{ trouble }}</p></section>
      <p v-if="said" class="ok panel" role="status">{{ said }}</p>
      <section v-if="!round.recorded && round.version" class="panel" data-part="try"><h2>{{ t('improve.try') }}</h2><p class="hint">{{ t('improve.try_hint') }}</p>
        <div class="row"><button type="button" data-try="room" :disabled="busy" @click="tryOut(false)">{{ t('improve.try_room') }}</button><button type="button" data-try="blind" :disabled="busy" @click="tryOut(true)">{{ t('improve.blind') }}</button></div>
        <div v-if="rooms.length" class="row"><a v-for="room in rooms" :key="room.id" class="link" target="_blank" :href="prefix + '/room/' + encodeURIComponent(room.id)">{{ room.label ? t('improve.room_of', { letter: room.label }) : t('improve.room_open') }}</a></div>
        <div v-if="blind" class="row"><button v-for="one in ['a', 'b', 'same']" :key="one" type="button" :data-better="one" :disabled="busy" @click="judge(one)">{{ t('improve.better.' + one) }}</button></div><p v-if="was" role="status">{{ was }}</p></section>
      <section v-if="round.tests.length || round.tasting" class="panel" data-part="tests"><h2>{{ t('improve.tests') }}</h2>
        <p v-if="round.tasting" data-part="sign"><b>{{ t('improve.taste.title') }}:</b> <template v-if="round.tasting.result">{{ tasted(round.tasting) }} <small>{{ t('improve.taste.counts', round.tasting.result) }}</small></template><template v-else-if="tasting === 'open'">{{ t('improve.taste.judged', { n: round.tasting.judged, all: round.tasting.pairs }) }}</template><template v-else>{{ t('improve.taste.state.not_begun') }}</template></p>
        <div v-if="round.tests.length" class="scroll" tabindex="0" role="region" :aria-label="t('improve.tests')"><table class="ledger"><thead><tr><th scope="col">{{ t('improve.dimension') }}</th><th scope="col">{{ t('improve.mean') }}</th><th scope="col">{{ t('improve.pairs_head') }}</th><th scope="col">E</th><th scope="col">{{ t('improve.path') }}</th><th scope="col">{{ t('improve.needed') }}</th><th scope="col">{{ t('improve.verdict') }}</th></tr></thead>
        <tbody><tr v-for="test in round.tests" :key="test.name"><th scope="row">{{ dimension(test.name) }}</th><td>{{ signed(test.mean) }}</td><td>{{ test.path.length }}</td><td>{{ test.path.length ? test.path[test.path.length - 1].toFixed(2) : '–' }}</td><td><EvidencePath :path="test.path" :alpha="test.alpha" /></td><td>{{ (1 / test.alpha).toFixed(0) }}</td><td>{{ t('improve.verdict.' + test.verdict) }}</td></tr></tbody></table></div></section>
      <section v-if="round.grid.length" class="panel"><h2>{{ t('improve.grid') }}</h2>
        <div class="scroll" tabindex="0" role="region" :aria-label="t('improve.grid')"><table class="ledger"><thead><tr><th scope="col">{{ t('improve.case') }}</th><th scope="col">{{ t('improve.dimension') }}</th><th scope="col">{{ t('improve.candidate') }}</th><th scope="col">{{ t('improve.incumbent') }}</th><th scope="col">{{ t('improve.released_arm') }}</th></tr></thead>
        <tbody><tr v-for="row in round.grid" :key="row.case + row.split"><th scope="row">{{ row.case }} <small>{{ t('improve.split.' + row.split) }}</small></th><td>{{ dimension(row.dimension) }}</td><td>{{ arm(row.arms, 'candidate') }}</td><td>{{ arm(row.arms, 'incumbent') }}</td><td>{{ arm(row.arms, 'released') }}</td></tr></tbody></table></div></section>
      <section class="panel"><h2>{{ t('improve.record') }}</h2>
        <ul v-if="round.decisions.length" class="decisions"><li v-for="one in round.decisions" :key="one.at + one.do"><b>{{ t('improve.act.' + one.do) }}</b> <small>{{ when(one.at) }} · {{ one.by }}</small> <span lang="en">{{ one.why }}</span></li></ul>
        <p v-if="round.self_criticism" class="why" lang="en">{{ round.self_criticism }}</p>
        <dl class="facts"><div><dt>{{ t('improve.entry') }}</dt><dd><code>{{ round.seq }} · {{ short(round.record) }}</code></dd></div><div><dt>{{ t('improve.parent') }}</dt><dd><code>{{ short(round.parent) }}</code></dd></div><div><dt>{{ t('improve.version') }}</dt><dd><code>{{ short(round.version) || '–' }}</code></dd></div><div><dt>{{ t('improve.undo') }}</dt><dd>{{ round.rollback_tested ? t('improve.undo_same') : '–' }}</dd></div></dl></section>
    </div>`,
};
