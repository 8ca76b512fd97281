// The talk: what was said and done, oldest first, and what is being said now.
import { nextTick } from "vue";
import { Avatar } from "../art/avatar.js";
import { personArt } from "../art/look.js";
import { avatarOf } from "../art/picture.js";
import { because, clock, moment, t } from "../shared/i18n.js";
import { bare, isDeed, Spoken } from "../shared/spoken.js";
import { EraseSure } from "./erase_sure.js";
import { isNarrator, mayErase, mayNudge, nameIn, nameOf, personaIn, wordsBy } from "./room_model.js";
import { SaidText } from "./said_text.js";
import { SlowChoice } from "./slow_choice.js";
import { colourOf } from "./stage.js";
import { sceneText, tellingOf } from "./texts.js";
import { Throw, thrown } from "./throw.js";
import { LineWays, LineWriting } from "./ways.js";

const NEAR_END = 80;

export const Talk = {
  name: "OrTalk",
  components: { Avatar, EraseSure, LineWays, LineWriting, SaidText, SlowChoice, Spoken, Throw },
  props: { room: Object, prefix: String, pending: Array },
  emits: ["stop", "recite", "retry", "rate", "erase", "again", "drop", "link", "read-on", "steer"],
  data: () => ({ place: null, marked: 0, now: Date.now(), asking: 0, erasing: 0, writing: null, reason: "", spoken: "", following: true, top: 0, said: {} }),
  computed: {
    lines() {
      let before = null;
      return (this.past?.events ?? this.room.log).map((event) => {
        const line = { event, ...this.describe(event) };
        line.follows = Boolean(before && line.speech && before.speech && before.event.actor === event.actor && before.by === line.by && before.event.played_by === event.played_by && event.at - before.event.at < 120000 && Boolean(before.event.to) === Boolean(event.to));
        before = line;
        return line;
      });
    },
    mayRetry() {
      return mayNudge(this.room);
    },
    past() {
      return this.room.past;
    },
    turns() {
      return Object.values(this.room.turns);
    },
    typing() {
      return Object.keys(this.room.typing).filter((who) => this.room.shared.people?.[who]?.here).map((who) => nameOf(this.room, who));
    },
    size() {
      return [this.room.log.length, this.turns.length, this.room.failures.length, this.pending.length, ...this.turns.map((turn) => turn.text.length)].join(" ");
    },
  },
  watch: {
    size: { handler: "follow", flush: "post" },
    "room.jump"(jump) {
      if (jump) this.goTo(jump.seq);
    },
    past(now, before) {
      if (before && !now && this.place && !this.room.jump) this.back(); // what was read is no part of the story any more, or one went back
    },
    "room.log.length"(now, before) {
      if (now === before + 1) this.announce(this.room.log[now - 1]);
    },
    turns: { handler: "announceTurns", deep: true },
    // Who says something wants to see it, and what comes of it.
    "pending.length"(now, before) {
      if (now > before) this.toEnd();
    },
  },
  mounted() {
    this.ticker = setInterval(() => (this.now = Date.now()), 1000);
    // The box gets smaller when suggestions come or the composer grows: the last line stays in sight.
    this.observer = new ResizeObserver(() => this.follow());
    this.observer.observe(this.$refs.box);
    this.follow();
  },
  beforeUnmount() {
    this.observer?.disconnect();
    clearInterval(this.ticker);
  },
  methods: {
    t, because, clock, moment, sceneText, wordsBy,
    name(who) {
      return nameOf(this.room, who);
    },
    isNarrator(who) {
      return isNarrator(this.room, who);
    },
    isPerson(who) {
      return who.startsWith("player:");
    },
    isCharacter(who) {
      return who.startsWith("character:");
    },
    art(who) {
      if (this.isPerson(who)) return personArt(who, this.room.shared.people?.[who]?.look);
      const card = this.room.manifest.characters?.[who] ?? {};
      return avatarOf(this.prefix, card.art || card.id || who.replace("character:", ""), card);
    },
    colour: colourOf,
    describe(event) {
      const gone = Boolean(event.erased || this.room.erased[event.seq]);
      if (event.kind === "brought") return { text: t("log.brought", { name: event.actor === this.room.you ? t("people.you") : nameOf(this.room, event.actor), n: event.lines }), divider: true };
      if (event.kind === "said") return { speech: true, own: event.actor === this.room.you, by: nameIn(this.room, event), deed: isDeed(event.text), gone, mine: mayErase(this.room, event) };
      if (event.kind === "used") return { gone, text: gone ? t("talk.erased") : tellingOf(this.room, event), mine: mayErase(this.room, event) };
      if (event.kind === "entered") return { text: t("log.entered", { name: event.name }) };
      if (event.kind === "left") return { text: t(`log.left.${event.how}`, { name: event.name }) };
      if (event.kind === "moved") return { text: t(event.why === "reset" ? "log.reset" : "log.rewound"), divider: true };
      if (event.kind === "rolled") return { text: thrown(this.room, event) };
      if (event.kind === "muted") return { text: t(event.on ? "log.muted" : "log.unmuted", { name: this.name(event.character) }) };
      if (event.kind === "noted") return { text: event.text ? t("log.noted", { text: event.text }) : t("log.unnoted") };
      return { text: tellingOf(this.room, event) };
    },
    /** Whether one said it as somebody else than whom one shows now. */
    asAnother(line) {
      return line.own && personaIn(this.room, line.event) !== (this.room.shared.people?.[this.room.you]?.persona ?? "");
    },
    who(line) {
      return line.own ? t("people.you") : line.by;
    },
    playedBy(event) {
      return t("talk.played_by", { name: event.played_by === this.room.you ? t("people.you") : this.name(event.played_by) });
    },
    to(event) {
      return event.to.map((who) => (who === this.room.you ? t("people.you") : this.name(who))).join(", ");
    },
    /** Of what a thing told to some only: whether others here perceived it too. */
    apart(event) {
      const others = [event.actor, ...event.to].filter((who) => who !== this.room.you && who !== "system");
      return t(others.length ? "talk.only_some" : "talk.only_you");
    },
    /** How it stands with a turn: who thinks may still be reading what it is to answer. */
    state(turn) {
      const s = this.seconds(turn);
      if (turn.phase === "speaking") return t("talk.speaking", { s });
      return turn.read !== undefined && turn.read < 100 ? t("talk.reading", { s, p: turn.read }) : t("talk.thinking", { s });
    },
    /** It takes long: say so to who does not see the buttons, and keep them in sight. */
    slow(turn) {
      this.spoken = `${this.name(turn.who)}: ${t("talk.slow")}`;
      this.follow();
    },
    recite(turn) {
      this.$emit("recite", turn.turn);
      this.$refs.box.focus();
    },
    seconds(turn) {
      return Math.max(0, Math.floor((this.now - turn.since) / 1000));
    },
    scrolled() {
      const box = this.$refs.box;
      if (!box || this.past) return; // a scroll that was under way when the talk went away; or one reads back
      // Only who scrolls up reads what was said before: a box that gets smaller or fuller is nobody's doing.
      if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END) this.following = true;
      else if (box.scrollTop < this.top) this.following = false;
      this.top = box.scrollTop;
    },
    async follow() {
      await nextTick();
      const box = this.$refs.box;
      if (box && this.following && !this.past) box.scrollTop = box.scrollHeight;
    },
    /** Go to a line and mark it; where one was is kept, to come back to. */
    async goTo(seq) {
      const box = this.$refs.box;
      this.place ??= { top: this.top, following: this.following };
      this.following = false;
      this.marked = seq;
      await nextTick();
      this.room.jump = null;
      const line = box.querySelector(`[data-seq="${seq}"]`);
      if (!line) return;
      line.scrollIntoView({ block: "center" });
      line.focus({ preventScroll: true });
    },
    /** Back to where one was before the first jump. */
    async back() {
      const { top, following } = this.place ?? { top: 0, following: true };
      Object.assign(this.room, { past: null, jump: null });
      Object.assign(this, { place: null, marked: 0, following });
      await nextTick();
      const box = this.$refs.box;
      if (!box) return;
      if (!following) box.scrollTop = top;
      this.follow();
      box.focus();
    },
    /** Earlier lines come in above: what one reads stays where it is. */
    async grown(height) {
      await nextTick();
      this.$refs.box.scrollTop += this.$refs.box.scrollHeight - height;
    },
    readOn(where) {
      const height = this.$refs.box.scrollHeight;
      this.$emit("read-on", { where, done: () => where === "earlier" && this.grown(height) });
    },
    toEnd() {
      if (this.past) this.room.past = null;
      Object.assign(this, { place: null, marked: 0 });
      this.following = true;
      this.follow();
    },
    /** Screen readers hear finished sentences once: as they stream, then only what is left of the line. */
    announceTurns() {
      for (const turn of this.turns) {
        const heard = this.said[turn.who] ?? "";
        if (turn.text && turn.text.length > heard.length) {
          this.speak(this.name(turn.who), turn.text.slice(heard.length), heard === "");
          this.said[turn.who] = turn.text;
        }
      }
    },
    announce(event) {
      if (event.imported) return;
      if (event.kind === "said") {
        if (wordsBy(event) === this.room.you) return;
        const heard = this.said[event.actor] ?? "";
        delete this.said[event.actor];
        const rest = event.text.startsWith(heard) ? event.text.slice(heard.length) : event.text;
        if (rest.trim()) this.speak(nameIn(this.room, event), rest, heard === "");
      } else this.spoken = this.describe(event).text ?? "";
    },
    speak(name, text, first) {
      this.spoken = first ? `${name}: ${bare(text.trim())}` : bare(text.trim());
    },
    rate(event, value) {
      const now = this.room.ratings[event.seq] === value ? 0 : value;
      this.$emit("rate", { seq: event.seq, value: now, reason: "" });
      this.asking = now === -1 ? event.seq : 0;
      this.reason = "";
      if (this.asking) nextTick(() => this.$refs.reason?.[0]?.focus());
    },
    erase(event) {
      this.erasing = 0;
      this.$emit("erase", event.seq);
      this.$refs.box.focus();
    },
    keep(event) {
      this.erasing = 0;
      nextTick(() => this.$refs.box.querySelector(`[data-seq="${event.seq}"] .words`)?.focus());
    },
    sendReason(event) {
      if (this.reason.trim()) this.$emit("rate", { seq: event.seq, value: -1, reason: this.reason.trim() });
      this.asking = 0;
    },
  },
  template: `
    <div class="talk">
      <div ref="box" class="talk-box" tabindex="0" role="log" aria-live="off" :aria-label="t('talk.label')" @scroll.passive="scrolled">
        <div v-if="past" class="reading-back" role="note" data-past><span>{{ t('past.reading', { day: moment(past.events[0].at) }) }}</span><button v-if="past.earlier" type="button" data-earlier @click="readOn('earlier')">{{ t('past.earlier') }}</button></div>
        <p v-if="!past && room.manifest.scene?.prologue" class="prologue">{{ sceneText(room.manifest.scene.prologue) }}</p>
        <ol class="lines">
          <li v-for="line in lines" :key="line.event.seq" :data-seq="line.event.seq" :data-kind="line.event.kind" :tabindex="marked === line.event.seq ? -1 : null" :class="['line', { marked: marked === line.event.seq, speech: line.speech, own: line.own, follows: line.follows, deed: line.deed, narration: line.speech && isNarrator(line.event.actor), whisper: line.event.to?.length, divider: line.divider, telling: !line.speech }]">
            <template v-if="line.speech">
              <span v-if="!line.own && !isNarrator(line.event.actor)" class="face" aria-hidden="true">
                <Avatar v-if="!line.event.persona && (isCharacter(line.event.actor) || isPerson(line.event.actor))" :art="art(line.event.actor)" emotion="calm" crop still />
                <i v-else class="initial" :style="{ background: colour(line.event.actor) }">{{ line.by.slice(0, 1) }}</i>
              </span>
              <div class="said">
                <p class="who"><b>{{ who(line) }}</b><span v-if="asAnother(line)" class="badge" data-as>{{ t('talk.as', { name: line.by }) }}</span><span v-if="line.event.played_by" class="badge" data-played>{{ playedBy(line.event) }}</span><span v-if="line.event.edited" class="badge" data-edited>{{ t('ways.edited') }}</span><span v-if="line.event.imported" class="badge" data-imported>{{ t('talk.imported') }}</span><span v-if="line.event.to" class="to">{{ t('talk.whisper_to', { name: to(line.event) }) }}</span><time :datetime="new Date(line.event.at).toISOString()">{{ line.event.imported ? moment(line.event.at) : clock(line.event.at) }}</time></p>
                <p v-if="line.gone" class="text gone">{{ t('talk.erased') }}</p>
                <SaidText v-else :room="room" :event="line.event" :name="line.by" />
                <div v-if="!line.gone" class="line-tools">
                  <template v-if="isCharacter(wordsBy(line.event)) && !line.event.imported">
                  <button type="button" :aria-label="t('talk.good')" :title="t('talk.good')" :aria-pressed="room.ratings[line.event.seq] === 1 ? 'true' : 'false'" @click="rate(line.event, 1)">👍</button>
                  <button type="button" :aria-label="t('talk.bad')" :title="t('talk.bad')" :aria-pressed="room.ratings[line.event.seq] === -1 ? 'true' : 'false'" @click="rate(line.event, -1)">👎</button>
                  </template>
                  <LineWays v-if="!line.event.imported" :room="room" :event="line.event" @steer="$emit('steer', $event)" @write="writing = $event" />
                  <button type="button" data-link :aria-label="t('talk.copy_link')" :title="t('talk.copy_link')" @click="$emit('link', line.event.seq)">🔗</button>
                  <button v-if="line.mine" type="button" class="words" @click="erasing = line.event.seq">{{ t('talk.erase') }}</button>
                </div>
                <EraseSure v-if="line.mine && erasing === line.event.seq" @yes="erase(line.event)" @no="keep(line.event)" />
                <LineWriting v-if="writing?.seq === line.event.seq" :key="writing.what" :event="line.event" :what="writing.what" @steer="$emit('steer', $event)" @shut="writing = null" />
                <form v-if="asking === line.event.seq" class="reason" @submit.prevent="sendReason(line.event)" @keydown.esc.stop="asking = 0">
                  <input ref="reason" v-model="reason" maxlength="500" :aria-label="t('talk.why_bad')" :placeholder="t('talk.why_bad')">
                  <button type="submit" class="small">{{ t('talk.send_reason') }}</button>
                </form>
              </div>
            </template>
            <div v-else class="told"><p class="text" :class="{ gone: line.gone }"><Throw v-if="line.event.kind === 'rolled'" :room="room" :event="line.event" /><template v-else>{{ line.text }}</template><span v-if="line.event.to && line.event.kind !== 'noted' && !line.gone" class="to"> — {{ apart(line.event) }}</span></p>
              <div v-if="line.mine" class="line-tools"><button type="button" class="words" @click="erasing = line.event.seq">{{ t('talk.erase') }}</button></div>
              <EraseSure v-if="line.mine && erasing === line.event.seq" @yes="erase(line.event)" @no="keep(line.event)" />
            </div>
          </li>
          <template v-if="!past">
          <li v-for="line in pending" :key="line.key" class="line speech own" :class="{ waiting: !line.refused, refused: line.refused }">
            <div class="said"><p class="text"><Spoken :text="line.text" /></p>
              <p v-if="!line.refused" class="state">{{ t('talk.sending') }}</p>
              <p v-else class="state" role="alert">{{ line.refused }} · <button type="button" class="link" @click="$emit('again', line)">{{ t('talk.edit') }}</button> · <button type="button" class="link" @click="$emit('drop', line)">{{ t('talk.drop') }}</button></p>
            </div>
          </li>
          <li v-for="turn in turns" :key="turn.turn" class="line speech now" :class="{ narration: isNarrator(turn.who) }" :data-turn="turn.turn" :data-phase="turn.phase">
            <span v-if="!isNarrator(turn.who)" class="face" aria-hidden="true"><Avatar :art="art(turn.who)" :emotion="room.shared.people[turn.who]?.emotion" crop still /></span>
            <div class="said">
              <p class="who"><b>{{ name(turn.who) }}</b></p>
              <p v-if="turn.text" class="text"><Spoken :text="turn.text" /></p>
              <p class="state"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span> {{ state(turn) }} · <button type="button" class="link" @click="$emit('stop')">{{ t('talk.stop') }}</button></p>
              <SlowChoice :room="room" :turn="turn" :now="now" @open="slow(turn)" @recite="recite(turn)" @wait="$refs.box.focus()" />
            </div>
          </li>
          <li v-for="failed in room.failures" :key="failed.turn" class="line failed" role="status" :data-reason="failed.reason">
            <p class="text">{{ t('talk.lost_thread', { name: name(failed.who) }) }}<template v-if="failed.retry !== false && mayRetry"> · <button type="button" class="link" @click="$emit('retry', failed)">{{ t('talk.retry') }}</button></template></p>
            <p v-if="failed.reason" class="why">{{ because(failed.reason, failed.message) }}</p>
          </li>
          </template>
        </ol>
        <div v-if="past" class="reading-back"><button v-if="past.later" type="button" data-later @click="readOn('later')">{{ t('past.later') }}</button><button v-if="place" type="button" data-back @click="back">↩ {{ t('past.back') }}</button><button v-else type="button" class="to-now" @click="toEnd">{{ t('talk.to_end') }} ↓</button></div>
        <p v-if="typing.length" class="typing">{{ t('talk.typing', { n: typing.length, names: typing.join(', ') }) }}</p>
      </div>
      <button v-if="place && !past" type="button" class="to-end" data-back @click="back">↩ {{ t('past.back') }}</button>
      <button v-else-if="!following && !past" type="button" class="to-end" @click="toEnd">{{ t('talk.to_end') }} ↓</button>
      <p class="sr-only" aria-live="polite" data-announcer>{{ spoken }}</p>
    </div>`,
};
