// The story's ways: other tries at a line, other words, going back and forward. What is offered here is decided by the
// room; this only leaves out what would surely be refused.
import { t } from "../shared/i18n.js";
import { Icon } from "./icon.js";
import { here, runs, wordsBy } from "./room_model.js";

/** What is nobody's words: it may be left behind by whoever steers. */
const NOBODYS = new Set(["entered", "left", "happened", "muted", "noted", "saved", "moved"]);
const MOST_WISHED = 200;

const isCharacter = (who) => who.startsWith("character:");

/** Whether this person may take the story another way at a line: with what is left behind as the room's `steer` says. */
export function maySteer(room, seq) {
  const mode = room.shared.run?.steer ?? "own";
  if (room.shared.people?.[room.you]?.kind !== "player") return false;
  if (mode === "nobody") return room.role === "operator";
  if (runs(room) || mode === "everybody") return true;
  if (mode === "owner") return false;
  const at = room.log.findIndex((event) => event.seq === seq);
  const own = (event) => wordsBy(event) === room.you || isCharacter(wordsBy(event)) || NOBODYS.has(event.kind);
  if (at < 0 || !room.log.slice(at).every(own)) return false;
  const last = room.log.slice(0, at + 1).findLast((event) => !isCharacter(event.actor) && event.actor !== "system" && ["said", "used", "entered"].includes(event.kind));
  return !last || last.actor === room.you;
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

/** The last line of a character, as commands mean it. */
export function lastReply(room) {
  return room.log.findLast((event) => event.kind === "said" && isCharacter(event.actor) && !event.imported);
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
  },
  methods: {
    t,
    choose(step) {
      this.$emit("steer", { do: "choose", seq: this.ways[this.at + step] });
    },
    keys(event) {
      if (event.key === "ArrowLeft" && this.at > 0) this.choose(-1);
      else if (event.key === "ArrowRight" && this.at < this.ways.length - 1) this.choose(1);
    },
  },
  template: `
    <span v-if="ways.length > 1" class="ways" role="group" tabindex="0" :aria-label="t('ways.label')" @keydown="keys">
      <button type="button" data-way="before" :disabled="!may || at === 0" :aria-label="t('ways.before')" :title="t('ways.before')" @click="choose(-1)">‹</button>
      <span data-ways aria-live="polite">{{ at + 1 }}/{{ ways.length }}</span>
      <button type="button" data-way="after" :disabled="!may || at === ways.length - 1" :aria-label="t('ways.after')" :title="t('ways.after')" @click="choose(1)">›</button>
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
      <button v-if="mayEdit" type="button" data-edit @click="$emit('write', { what: 'edit', seq: event.seq })"><Icon of="edit" />{{ t('ways.edit') }}</button>
      <button type="button" data-delete @click="$emit('steer', { do: 'delete', seq: event.seq })"><Icon of="back" />{{ t('ways.delete') }}</button>
    </template>`,
};

/** Writing other words for a line, or what another try should be like. */
export const LineWriting = {
  name: "OrLineWriting",
  props: { event: Object, what: String },
  emits: ["steer", "shut"],
  data: ({ event, what }) => ({ text: what === "edit" ? event.text : "", MOST_WISHED }),
  mounted() {
    this.$refs.box.focus();
    this.$el.scrollIntoView({ block: "nearest" });
  },
  methods: {
    t,
    send() {
      const text = this.text.trim();
      if (!text) return;
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
  props: { room: Object },
  emits: ["steer", "act"],
  data: () => ({ name: "" }),
  computed: {
    saves() {
      return Object.entries(this.room.shared.saves ?? {}).map(([id, save]) => ({ id, ...save, mine: save.by === this.room.you || runs(this.room) })).sort((a, b) => b.at - a.at);
    },
    may() {
      const mode = this.room.shared.run?.steer ?? "own";
      return runs(this.room) || ["own", "everybody"].includes(mode);
    },
  },
  methods: {
    t,
    save() {
      if (this.name.trim()) this.$emit("act", { do: "save", name: this.name.trim() });
      this.name = "";
    },
  },
  template: `
    <fieldset class="run saves">
      <legend>{{ t('ways.saves') }}</legend>
      <p v-if="!saves.length" class="quiet">{{ t('ways.no_saves') }}</p>
      <ul v-else class="plain"><li v-for="one in saves" :key="one.id" :data-save="one.id"><span>{{ one.name }}</span>
        <button type="button" data-load @click="$emit('steer', { do: 'load', id: one.id })">{{ t('ways.load') }}</button>
        <button v-if="one.mine" type="button" data-unsave :aria-label="t('ways.unsave', { name: one.name })" @click="$emit('act', { do: 'unsave', id: one.id })">×</button></li></ul>
      <form v-if="may" class="row" @submit.prevent="save"><input v-model="name" maxlength="40" :aria-label="t('ways.save_name')" :placeholder="t('ways.save_name')"><button type="submit" :disabled="!name.trim()">{{ t('ways.save') }}</button></form>
    </fieldset>`,
};
