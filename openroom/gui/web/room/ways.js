// The story's ways: other tries at a line, other words, going back and forward. What is offered here is decided by the
// room; this only leaves out what would surely be refused.
import { t } from "../shared/i18n.js";
import { visit } from "../shared/keep.js";
import { EraseSure } from "./erase_sure.js";
import { Icon } from "./icon.js";
import { held } from "./moment.js";
import { here, runs, wordsBy } from "./room_model.js";

/** What is nobody's words: it may be left behind by whoever steers; what the room tells of itself only where nobody did it. */
const NOBODYS = new Set(["entered", "left", "muted", "noted", "saved", "branched", "moved"]);
const TOLD = new Set(["happened"]);
const MOST_WISHED = 200;
/** So far (in pixels) a finger goes for another try. */
const SWIPED = 60;

/** The line that is waited for, and which of its controls had the focus on the one before it. */
let focused = null;

const isCharacter = (who) => Boolean(who?.startsWith("character:"));

/** Whether this person may take the story another way at a line: with what is left behind as the room's `steer` says. */
export function maySteer(room, seq) {
  const mode = room.shared.run?.steer ?? "own";
  if (room.shared.people?.[room.you]?.kind !== "player") return false;
  if (mode === "nobody") return room.role === "operator";
  if (runs(room) || mode === "everybody") return true;
  if (mode === "owner") return false;
  const at = room.log.findIndex((event) => event.seq === seq);
  const own = (event) => wordsBy(event) === room.you || isCharacter(wordsBy(event)) || NOBODYS.has(event.kind) || (TOLD.has(event.kind) && event.actor === "system");
  if (at < 0 || !room.log.slice(at).every(own)) return false;
  const last = room.log.slice(0, at + 1).findLast((event) => !isCharacter(event.actor) && event.actor !== "system" && ["said", "used", "entered"].includes(event.kind));
  return !last || last.actor === room.you;
}

/** Whether this person may leave behind what stands after an event; where one does not see that far, the room decides. */
export function mayLeave(room, after) {
  const next = room.log.find((event) => event.seq > after && event.kind !== "moved");
  const isAhead = !next || !room.log.some((event) => event.seq === after);
  return isAhead ? !["owner", "nobody"].includes(room.shared.run?.steer) || runs(room) : maySteer(room, next.seq);
}

/** Whether this person may put other words in a line: their own, or a character's where nobody else would be misled. */
function mayEdit(room, event) {
  if (event.actor === room.you) return true;
  return isCharacter(event.actor) && (runs(room) || room.shared.run?.steer === "everybody" || here(room, "player").length === 1);
}

/** The lines that stand in for a line, itself among them, as far as one heard them. */
export function waysOf(room, seq) {
  return Object.values(room.ways).find((group) => group.includes(seq)) ?? [];
}

/** Whether people have had their say since a line: then a try at it takes that out of sight. */
export function isOld(room, seq) {
  return room.log.some((event) => event.seq > seq && ["said", "used"].includes(event.kind) && event.actor.startsWith("player:"));
}

/** The act that goes to the next try at a line, or to the one before: beyond the last of a character's there is another. */
export function toWay(room, seq, step) {
  const ways = waysOf(room, seq);
  const next = ways[ways.indexOf(seq) + step];
  if (next) return { do: "choose", seq: next };
  const more = ways.length > 1 && step > 0 && isCharacter(room.log.find((event) => event.seq === seq)?.actor);
  return more ? { do: "retry", seq } : null;
}

/** The last line of a character, as commands mean it. */
export function lastReply(room) {
  return room.log.findLast((event) => event.kind === "said" && isCharacter(event.actor) && !event.imported);
}

/** What takes back an act that was just done: an action, or none. `seqs` are those of its events, `before` is where the
 * story stood, and `saved`, `branch` what bore a name then. */
export function undoOf(action, { seqs, before, saved, branch }) {
  if (["choose", "delete", "edit", "load", "rewind", "retry"].includes(action.do)) return { do: "rewind", to: before };
  if (action.do === "save") return { do: "unsave", id: `s${seqs[0]}` };
  if (action.do === "unsave" && saved) return { do: "save", name: saved.name, at: saved.head };
  if (action.do === "branch" && action.of && action.listed === false) return { do: "branch", of: action.of, listed: true };
  if (action.do === "branch" && action.of) return { do: "branch", of: action.of, name: branch?.name ?? "" };
  return null;
}

/** What is said of such an act: the key of it. */
export function doneKey(action) {
  return action.do === "branch" && action.listed === false ? "ways.done.unlisted" : `ways.done.${action.do}`;
}

/** The arrows between the tries at a line; in sight where there are several. They emit `steer` with an action. */
export const LineWays = {
  name: "OrLineWays",
  props: { room: Object, event: Object },
  emits: ["steer"],
  computed: {
    ways() {
      return waysOf(this.room, this.event.seq);
    },
    at() {
      return this.ways.indexOf(this.event.seq);
    },
    may() {
      return maySteer(this.room, this.event.seq);
    },
    next() {
      return toWay(this.room, this.event.seq, 1);
    },
    after() {
      return t(this.next?.do === "retry" ? "ways.retry" : "ways.after");
    },
  },
  mounted() {
    this.line = this.$el.parentElement?.closest("li");
    this.line?.addEventListener("touchstart", this.touched, { passive: true });
    this.line?.addEventListener("touchend", this.let, { passive: true });
    this.takeFocus();
  },
  updated() {
    this.takeFocus();
  },
  beforeUnmount() {
    this.line?.removeEventListener("touchstart", this.touched);
    this.line?.removeEventListener("touchend", this.let);
  },
  methods: {
    t,
    /** Another try is another line: the control that had the focus has it there, too. */
    choose(step, control = "group") {
      const seq = this.ways[this.at + step];
      if (!this.may) return;
      if (seq) focused = { seq, control };
      const act = toWay(this.room, this.event.seq, step);
      if (act) this.$emit("steer", act);
    },
    keys(event) {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      event.preventDefault(); // the box would scroll
      this.choose(event.key === "ArrowLeft" ? -1 : 1);
    },
    takeFocus() {
      if (focused?.seq !== this.event.seq || !this.$refs.group) return;
      const control = this.$refs[focused.control];
      (control && !control.disabled ? control : this.$refs.group).focus({ preventScroll: true });
      focused = null;
    },
    touched(event) {
      const { clientX, clientY } = event.changedTouches[0];
      this.from = { x: clientX, y: clientY };
    },
    /** A finger that goes to the left brings the next try, to the right the one before; not where one slip would take more
     * than the line. */
    let(event) {
      const { clientX, clientY } = event.changedTouches[0];
      const across = clientX - (this.from?.x ?? clientX);
      const along = clientY - (this.from?.y ?? clientY);
      if (isOld(this.room, this.event.seq)) return;
      if (Math.abs(across) > SWIPED && Math.abs(across) > 2 * Math.abs(along)) this.choose(across < 0 ? 1 : -1);
    },
  },
  template: `
    <span v-if="ways.length > 1" ref="group" class="ways" role="group" tabindex="0" :aria-label="t('ways.label')" @keydown="keys">
      <button ref="before" type="button" data-way="before" :disabled="!may || at === 0" :aria-label="t('ways.before')" :title="t('ways.before')" @click="choose(-1, 'before')">‹</button>
      <span data-ways aria-live="polite">{{ at + 1 }}/{{ ways.length }}</span>
      <button ref="after" type="button" data-way="after" :disabled="!may || !next" :aria-label="after" :title="after" @click="choose(1, 'after')">›</button>
    </span>`,
};

/** Where the story can go at a line, in words. They emit `steer` with an action, or `write` where words are wanted. */
export const LineActs = {
  name: "OrLineActs",
  components: { Icon },
  props: { room: Object, event: Object },
  emits: ["steer", "write"],
  computed: {
    may() {
      return maySteer(this.room, this.event.seq);
    },
    character() {
      return isCharacter(this.event.actor);
    },
    mayEdit() {
      return this.may && mayEdit(this.room, this.event);
    },
    /** What a character answered to this line of one's own. */
    answer() {
      if (this.event.actor !== this.room.you) return null;
      return held(this.room).find((event) => event.kind === "said" && isCharacter(event.actor) && event.cause?.startsWith(`t${this.event.seq}-`));
    },
    /** One's own wish that this line came of. */
    wish() {
      return this.room.wishes[this.event.seq];
    },
    last() {
      return this.room.log.findLast((event) => event.kind === "said")?.seq === this.event.seq;
    },
  },
  methods: { t },
  template: `
    <template v-if="may">
      <button v-if="character" type="button" data-try @click="$emit('steer', { do: 'retry', seq: event.seq })"><Icon of="retry" />{{ t('ways.retry') }}</button>
      <button v-if="character" type="button" data-wish @click="$emit('write', { what: 'wish', seq: event.seq })"><Icon of="wish" />{{ t('ways.wish') }}</button>
      <button v-if="character && last" type="button" data-go-on @click="$emit('steer', { do: 'nudge', character: event.actor, go_on: true })"><Icon of="go_on" />{{ t('ways.go_on') }}</button>
      <button v-if="answer" type="button" data-ask-again @click="$emit('steer', { do: 'retry', seq: answer.seq })"><Icon of="retry" />{{ t('ways.ask_again') }}</button>
      <button v-if="mayEdit" type="button" data-edit @click="$emit('write', { what: 'edit', seq: event.seq })"><Icon of="edit" />{{ t('ways.edit') }}</button>
      <button type="button" data-delete @click="$emit('steer', { do: 'delete', seq: event.seq })"><Icon of="back" />{{ t('ways.delete') }}</button>
    </template>
    <button v-if="wish" type="button" data-unwish @click="$emit('steer', { do: 'erase', seq: wish })"><Icon of="erase" />{{ t('ways.unwish') }}</button>
    <button v-if="room.you && !room.past" type="button" data-fork @click="$emit('steer', { do: 'fork', seq: event.seq })"><Icon of="fork" />{{ t('ways.fork') }}</button>`,
};

const writingKey = (room) => `openroom.writing.${room.id}`;

/** What was being typed at a line when this page was loaded anew: { seq, what, text }, or nothing. */
export function keptWriting(room) {
  try {
    const kept = JSON.parse(visit.get(writingKey(room), "null"));
    return kept && ["edit", "wish"].includes(kept.what) && Number.isInteger(kept.seq) && typeof kept.text === "string" ? kept : null;
  } catch {
    return null;
  }
}

export function dropWriting(room) {
  visit.drop(writingKey(room));
}

/** Writing other words for a line, or what another try should be like. It is kept while the page may be loaded anew, as
 * one does that has lost its connection. */
export const LineWriting = {
  name: "OrLineWriting",
  props: { room: Object, event: Object, what: String },
  emits: ["steer", "shut"],
  data({ room, event, what }) {
    const kept = keptWriting(room);
    const text = what === "edit" ? event.text : "";
    return { text: kept?.seq === event.seq && kept.what === what ? kept.text : text, MOST_WISHED };
  },
  watch: {
    text: { handler: "remember", flush: "sync" },
  },
  mounted() {
    this.$refs.box.focus();
    this.$el.scrollIntoView({ block: "nearest" });
  },
  beforeUnmount() {
    dropWriting(this.room);
  },
  methods: {
    t,
    remember() {
      const text = this.unsent();
      if (text) visit.set(writingKey(this.room), JSON.stringify({ seq: this.event.seq, what: this.what, text: this.text }));
      else dropWriting(this.room);
    },
    /** What was typed and has not been sent; empty where that is nothing. */
    unsent() {
      const text = this.text.trim();
      return this.sent || (this.what === "edit" && text === this.event.text) ? "" : text;
    },
    send() {
      const text = this.text.trim();
      if (!text) return;
      this.sent = true;
      this.$emit("steer", this.what === "edit" ? { do: "edit", seq: this.event.seq, text } : { do: "retry", seq: this.event.seq, wish: text });
      this.$emit("shut");
    },
  },
  template: `
    <form class="rewrite" @submit.prevent="send" @keydown.esc.stop="$emit('shut')">
      <textarea v-if="what === 'edit'" ref="box" v-model="text" rows="2" maxlength="4000" :aria-label="t('ways.edit')" @keydown.enter.exact.prevent="send"></textarea>
      <input v-else ref="box" v-model="text" :maxlength="MOST_WISHED" :aria-label="t('ways.wish')" :placeholder="t('ways.wish_hint')">
      <button type="submit" class="small" :disabled="!text.trim()">{{ t(what === 'edit' ? 'ways.edit_do' : 'ways.wish_do') }}</button>
      <button type="button" class="link" @click="$emit('shut')">{{ t('ways.never_mind') }}</button>
    </form>`,
};

/** The room's save points: go to one, or take its name off. */
export const Saves = {
  name: "OrSaves",
  components: { EraseSure, Icon },
  props: { room: Object },
  emits: ["steer"],
  data: () => ({ name: "", erasing: "" }),
  computed: {
    saves() {
      return Object.entries(this.room.shared.saves ?? {}).map(([id, save]) => ({ id, ...save, mine: save.by === this.room.you || runs(this.room), may: mayLeave(this.room, save.head) })).sort((a, b) => b.at - a.at);
    },
    may() {
      const mode = this.room.shared.run?.steer ?? "own";
      return runs(this.room) || ["own", "everybody"].includes(mode);
    },
  },
  methods: {
    t,
    save() {
      if (this.name.trim()) this.$emit("steer", { do: "save", name: this.name.trim() });
      this.name = "";
    },
    /** The name is forgotten, wherever it stands; a save point is called by the event that gave it. */
    erase(one) {
      this.erasing = "";
      this.$emit("steer", { do: "erase", seq: Number(one.id.slice(1)) });
    },
  },
  template: `
    <fieldset class="run saves">
      <legend>{{ t('ways.saves') }}</legend>
      <p v-if="!saves.length" class="quiet">{{ t('ways.no_saves') }}</p>
      <ul v-else class="plain"><li v-for="one in saves" :key="one.id" :data-save="one.id"><span>{{ one.name }}</span>
        <button v-if="one.may" type="button" data-load @click="$emit('steer', { do: 'load', id: one.id })">{{ t('ways.load') }}</button>
        <button v-if="one.mine" type="button" data-unsave :aria-label="t('ways.unsave', { name: one.name })" :title="t('ways.unsave', { name: one.name })" @click="$emit('steer', { do: 'unsave', id: one.id })">×</button>
        <button v-if="one.mine" type="button" data-erase-name :aria-label="t('ways.erase_name', { name: one.name })" :title="t('ways.erase_name', { name: one.name })" @click="erasing = one.id"><Icon of="erase" /></button>
        <EraseSure v-if="erasing === one.id" @yes="erase(one)" @no="erasing = ''" /></li></ul>
      <form v-if="may" class="row" @submit.prevent="save"><input v-model="name" maxlength="40" :aria-label="t('ways.save_name')" :placeholder="t('ways.save_name')"><button type="submit" :disabled="!name.trim()">{{ t('ways.save') }}</button></form>
    </fieldset>`,
};
