// The talk: what was said and done, oldest first, and what is being said now.
import { nextTick } from "vue";
import { Avatar } from "../art/avatar.js";
import { because, moment, t } from "../shared/i18n.js";
import { bare, Spoken } from "../shared/spoken.js";
import { DrawnLines } from "./drawn_lines.js";
import { faceOf, follows, Line, told } from "./line.js";
import { placeOf } from "./moment.js";
import { isNarrator, mayNudge, nameIn, nameOf, wordsBy } from "./room_model.js";
import { SlowChoice } from "./slow_choice.js";
import { sceneText } from "./texts.js";
import { dropWriting, keptWriting } from "./ways.js";

/** So many lines are drawn before one that is gone to. */
const BEFORE = 60;
/** So far from the top, in px, is a line at which one goes on typing. */
const TYPED_AT = 60;

export const Talk = {
  name: "OrTalk",
  mixins: [DrawnLines],
  components: { Avatar, Line, SlowChoice, Spoken },
  props: { room: Object, prefix: String, pending: Array },
  emits: ["stop", "recite", "retry", "rate", "erase", "again", "drop", "link", "read-on", "go", "steer", "prompt", "lost"],
  data: () => ({ back: null, marked: 0, now: Date.now(), open: { seq: 0, what: "" }, spoken: "", seen: 0, said: {}, acting: false }),
  computed: {
    drawn() {
      return this.lines.map((event, at) => ({ event, follows: follows(event, this.held[this.start + at - 1]) }));
    },
    mayRetry() {
      return mayNudge(this.room);
    },
    /** One reads a part of the story that lies apart from the newest lines. */
    apart() {
      return Boolean(this.room.past && !this.room.past.joined);
    },
    turns() {
      return Object.values(this.room.turns);
    },
    typing() {
      return Object.keys(this.room.typing).filter((who) => this.room.shared.people?.[who]?.here).map((who) => nameOf(this.room, who));
    },
    size() {
      return [this.newest, this.held.length, this.turns.length, this.room.failures.length, this.pending.length, ...this.turns.map((turn) => turn.text.length)].join(" ");
    },
    newest() {
      return this.room.log.at(-1)?.seq ?? 0;
    },
    /** One types at a line, not in the box below. */
    writing() {
      return ["edit", "wish"].includes(this.open.what);
    },
    /** How much others have said below since one reads further up. */
    unseen() {
      if (this.following) return 0;
      return this.room.log.slice(placeOf(this.room.log, this.seen + 1)).filter((event) => event.kind === "said" && event.actor !== this.room.you).length;
    },
  },
  watch: {
    size: { handler: "follow", flush: "post" },
    open: { handler: "watchActs", flush: "post" },
    "room.ready"(ready) {
      if (ready) this.typeOn();
    },
    "room.jump"(jump) {
      if (jump) this.goTo(jump);
    },
    following(now) {
      if (!now) this.seen = this.newest;
      else if (this.back?.following) this.back = null; // one is there
    },
    newest(_now, before) {
      const at = placeOf(this.room.log, before);
      if (this.room.log[at]?.seq === before) for (const event of this.room.log.slice(at + 1)) this.announce(event);
    },
    turns: { handler: "announceTurns", deep: true },
    // Who says something wants to see it, and what comes of it.
    "pending.length"(now, before) {
      if (now > before) this.toEnd();
    },
  },
  created() {
    this.shown = false; // somebody's words were shown as they came, or one went to the end
    this.listening = new Set(); // turns of which it was said that somebody waits
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
    this.sight?.disconnect();
    clearInterval(this.ticker);
  },
  methods: {
    t, because, moment, sceneText,
    name(who) {
      return nameOf(this.room, who);
    },
    isNarrator(who) {
      return isNarrator(this.room, who);
    },
    art(who) {
      return faceOf(this.room, this.prefix, who);
    },
    /** How it stands with a turn: who thinks may still be reading what it is to answer. */
    state(turn) {
      if (turn.phase === "waiting") return this.waits(turn);
      const s = this.seconds(turn);
      if (turn.phase === "speaking") return t("talk.speaking", { s });
      return turn.read !== undefined && turn.read < 100 ? t("talk.reading", { s, p: turn.read }) : t("talk.thinking", { s });
    },
    /** Who listens, and answers when another one has. */
    waits(turn) {
      const before = this.turns[this.turns.indexOf(turn) - 1];
      return !before || before.who === turn.who ? t("talk.waits_next") : t("talk.waits_after", { name: this.name(before.who) });
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
    /** Go to a line and mark it, keeping where one was; with `offset`, back to where it stood. */
    async goTo({ seq, offset }) {
      const { box } = this.$refs;
      if (offset === undefined) this.back ??= { following: this.following, ...this.place() };
      this.following = false;
      this.marked = offset === undefined ? seq : 0;
      this.draw(placeOf(this.held, seq) - BEFORE);
      await nextTick();
      this.room.jump = null;
      const line = box.querySelector(`[data-seq="${seq}"]`);
      if (!line) return;
      if (offset === undefined) {
        line.scrollIntoView({ block: "center" });
        line.focus({ preventScroll: true });
      } else this.scrollTo(line.offsetTop - offset);
      this.top = box.scrollTop;
      this.fill();
    },
    /** Back to where one was before the first jump. */
    goBack() {
      const { following, seq, offset } = this.back;
      Object.assign(this, { back: null, marked: 0 });
      if (following || !seq) this.toEnd();
      else this.$emit("go", { seq, offset });
      this.$refs.box.focus({ preventScroll: true });
    },
    /** Where a talk begins that has one line, somebody's greeting: who comes in reads it from there. Not where it was read as it came. */
    firstWords() {
      const said = this.held.filter((event) => event.kind === "said");
      if (said.length !== 1 || said[0].actor === this.room.you || this.shown || this.turns.length || this.pending.length) return null;
      const { box } = this.$refs;
      const line = box.querySelector(`[data-seq="${said[0].seq}"]`);
      return line && Math.max(0, line.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - 8);
    },
    toEnd() {
      this.shown = true;
      if (this.apart) this.room.past = null;
      Object.assign(this, { back: null, marked: 0, following: true });
      this.follow();
    },
    /** Screen readers hear finished sentences once: as they stream, then only what is left of the line. */
    announceTurns() {
      for (const turn of this.turns) {
        const heard = this.said[turn.who] ?? "";
        if (turn.phase === "waiting" && !this.listening.has(turn.turn)) this.spoken = `${this.name(turn.who)}: ${this.waits(turn)}`;
        this.shown ||= turn.text !== "";
        if (turn.text && turn.text.length > heard.length) {
          this.speak(this.name(turn.who), turn.text.slice(heard.length), heard === "");
          this.said[turn.who] = turn.text;
        }
      }
      this.listening = new Set(this.turns.map((turn) => turn.turn));
    },
    announce(event) {
      if (event.imported) return;
      if (event.kind === "said") {
        if (wordsBy(event) === this.room.you) return;
        const heard = this.said[event.actor] ?? "";
        delete this.said[event.actor];
        const rest = event.text.startsWith(heard) ? event.text.slice(heard.length) : event.text;
        if (rest.trim()) this.speak(nameIn(this.room, event), rest, heard === "");
      } else this.spoken = told(this.room, event) ?? "";
    },
    speak(name, text, first) {
      this.spoken = first ? `${name}: ${bare(text.trim())}` : bare(text.trim());
    },
    /** Buttons that lead away cover nothing of what can be done with a line, as long as one sees that. */
    watchActs() {
      const { box } = this.$refs;
      this.sight?.disconnect();
      this.acting = false;
      const acts = this.open.what && box.querySelector(`[data-seq="${this.open.seq}"] :is(.line-tools, .rewrite)`);
      if (!acts) return;
      this.sight = new IntersectionObserver(([seen]) => (this.acting = seen.isIntersecting), { root: box });
      this.sight.observe(acts);
    },
    /** One was typing at a line when the page was loaded anew: there, or in the box below where that line is gone. */
    typeOn() {
      const kept = keptWriting(this.room);
      if (!kept) return;
      if (this.room.log[placeOf(this.room.log, kept.seq)]?.seq === kept.seq) {
        this.open = { seq: kept.seq, what: kept.what };
        this.goTo({ seq: kept.seq, offset: TYPED_AT });
        return;
      }
      dropWriting(this.room);
      this.lost(kept.text.trim());
    },
    lost(typed) {
      this.open = { seq: 0, what: "" };
      this.$emit("lost", typed);
    },
    erase(seq) {
      this.open = { seq: 0, what: "" };
      this.$emit("erase", seq);
      this.$refs.box.focus({ preventScroll: true });
    },
  },
  template: `
    <div class="talk">
      <div ref="box" class="talk-box" tabindex="0" role="log" aria-live="off" :aria-label="t('talk.label')" @scroll.passive="scrolled" @wheel.passive="$event.deltaY < 0 && upward($event)" @touchmove.passive="upward" @keydown="upward">
        <p v-if="earlier" class="more-lines"><button type="button" data-earlier :disabled="Boolean(coming)" @click="read('earlier')">{{ t('past.earlier') }}</button></p>
        <p v-else-if="!start && !apart && room.manifest.scene?.prologue" class="prologue">{{ sceneText(room.manifest.scene.prologue) }}</p>
        <ol class="lines">
          <Line v-for="{ event, follows } in drawn" :key="event.seq" :room="room" :event="event" :prefix="prefix" :follows="follows" :marked="marked === event.seq" :open="open.seq === event.seq ? open.what : ''" @open="open = { seq: event.seq, what: $event }" @rate="$emit('rate', $event)" @erase="erase" @link="$emit('link', $event)" @steer="$emit('steer', $event)" @prompt="$emit('prompt', $event)" @lost="lost" />
          <template v-if="atEnd">
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
              <p class="state"><span v-if="turn.phase !== 'waiting'" class="dots" aria-hidden="true"><i></i><i></i><i></i></span> {{ state(turn) }}<template v-if="turn.phase !== 'waiting'"> · </template><button v-if="turn.phase !== 'waiting'" type="button" class="link" @click="$emit('stop')">{{ t('talk.stop') }}</button></p>
              <SlowChoice v-if="turn.phase !== 'waiting'" :room="room" :turn="turn" :now="now" @open="slow(turn)" @recite="recite(turn)" @recite-kept="$emit('recite', turn.turn)" @wait="$refs.box.focus()" />
            </div>
          </li>
          <li v-for="failed in room.failures" :key="failed.turn" class="line failed" role="status" :data-reason="failed.reason">
            <p class="text">{{ t('talk.lost_thread', { name: name(failed.who) }) }}<template v-if="failed.retry !== false && mayRetry"> · <button type="button" class="link" @click="$emit('retry', failed)">{{ t('talk.retry') }}</button></template></p>
            <p v-if="failed.reason" class="why">{{ because(failed.reason, failed.message) }}</p>
          </li>
          </template>
        </ol>
        <p v-if="later" class="more-lines"><button type="button" data-later :disabled="Boolean(coming)" @click="read('later')">{{ t('past.later') }}</button></p>
        <p v-if="typing.length && atEnd" class="typing">{{ t('talk.typing', { n: typing.length, names: typing.join(', ') }) }}</p>
      </div>
      <p v-if="apart" class="reading-back" role="note" data-past>{{ t('past.reading', { day: moment(lines[0].at) }) }}</p>
      <div v-if="(!following || back) && !acting" class="ends">
        <button v-if="back" type="button" data-back @click="goBack">↩ {{ t('past.back') }}</button>
        <button v-if="!back || unseen" type="button" class="to-end" :data-unseen="unseen" @click="toEnd">{{ unseen ? t('talk.unseen', { n: unseen }) : t('talk.to_end') }} ↓</button>
      </div>
      <p class="sr-only" aria-live="polite" data-announcer>{{ spoken }}</p>
    </div>`,
};
