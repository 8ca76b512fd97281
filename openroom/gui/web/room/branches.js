// The branches of a room's story, as far as one perceived them: go to one, name it, take it off the list.
import { api } from "../shared/api.js";
import { clock, t } from "../shared/i18n.js";
import { EraseSure } from "./erase_sure.js";
import { Icon } from "./icon.js";
import { here, nameOf, runs } from "./room_model.js";
import { mayLeave } from "./ways.js";

const SOON = 200;

export const Branches = {
  name: "OrBranches",
  components: { EraseSure, Icon },
  props: { room: Object, prefix: String, roomId: String },
  emits: ["steer", "told"],
  data: () => ({ branches: [], naming: 0, erasing: 0, name: "" }),
  computed: {
    /** Another list is worth asking for when the story has gone elsewhere, or a name has changed. */
    due() {
      return [this.room.movedTo, this.room.head, JSON.stringify(this.room.shared.branches ?? {})].join(" ");
    },
    may() {
      const mode = this.room.shared.run?.steer ?? "own";
      return this.room.shared.people?.[this.room.you]?.kind === "player" && (runs(this.room) || ["own", "everybody"].includes(mode));
    },
  },
  watch: {
    /** A moment later: events come in bursts, and who is shown the door by one of them asks for nothing more. */
    due() {
      clearTimeout(this.later);
      this.later = setTimeout(this.ask, SOON);
    },
  },
  created() {
    this.ask();
  },
  beforeUnmount() {
    clearTimeout(this.later);
  },
  methods: {
    t, clock,
    async ask() {
      const { due } = this;
      const answer = await api(`${this.prefix}/api/rooms/${encodeURIComponent(this.roomId)}/branches`).catch(() => null);
      if (answer && due === this.due) this.branches = answer.branches;
    },
    /** Its last line: who said it, where it was said. */
    last(one) {
      if (!one.said) return one.text;
      return `${one.who === this.room.you ? t("people.you") : nameOf(this.room, one.who)}: ${one.text}`;
    },
    goes(one) {
      return (!one.current || one.head !== this.room.head) && mayLeave(this.room, one.current ? one.head : one.after);
    },
    listable(one) {
      const all = runs(this.room) || this.room.shared.run?.steer === "everybody";
      return !one.current && (all || one.by === this.room.you || (!one.by && here(this.room, "player").length === 1));
    },
    label(one) {
      return one.name || t("ways.branch_plain", { n: one.number });
    },
    begin(one) {
      Object.assign(this, { naming: one.branch, name: one.name });
      this.$nextTick(() => this.$refs.box?.[0]?.focus());
    },
    send(one) {
      this.$emit("steer", { do: "branch", of: one.branch, name: this.name.trim() });
      this.shut(one);
    },
    shut(one) {
      this.naming = 0;
      this.$nextTick(() => this.$el.querySelector(`[data-branch="${one.branch}"] [data-name]`)?.focus());
    },
    erasable(one) {
      return Boolean(one.named && (one.by === this.room.you || runs(this.room)));
    },
    asksToErase(one) {
      Object.assign(this, { naming: 0, erasing: one.branch });
    },
    erase(one) {
      this.erasing = 0;
      this.$emit("steer", { do: "erase", seq: one.named });
    },
    off(one) {
      this.$emit("steer", { do: "branch", of: one.branch, listed: false });
      this.$el.querySelector("legend").focus();
    },
  },
  template: `
    <fieldset class="run branches">
      <legend tabindex="-1">{{ t('ways.branches') }}</legend>
      <p v-if="branches.length < 2 && !branches[0]?.name" class="quiet">{{ t('ways.no_branches') }}</p>
      <ul class="plain"><li v-for="one in branches" :key="one.branch" :data-branch="one.branch" :class="{ current: one.current }" :aria-current="one.current ? 'true' : null">
        <form v-if="naming === one.branch" class="row" @submit.prevent="send(one)" @keydown.esc.stop="shut(one)"><input ref="box" v-model="name" maxlength="40" :aria-label="t('ways.branch_name')" :placeholder="t('ways.branch_name')"><button type="submit">{{ t('ways.save') }}</button><button v-if="erasable(one)" type="button" class="link" data-erase-name @click="asksToErase(one)">{{ t('ways.erase_name', { name: one.name }) }}</button></form>
        <span v-else class="about"><b>{{ label(one) }}<small v-if="one.current"> · {{ t('ways.branch_now') }}</small></b><small v-if="one.text" class="said">{{ last(one) }} · {{ clock(one.at) }}</small></span>
        <span v-if="may && naming !== one.branch" class="acts">
          <button v-if="goes(one)" type="button" data-go :aria-label="t('ways.branch_go', { name: label(one) })" @click="$emit('steer', { do: 'rewind', to: one.head })">{{ t('ways.load') }}</button>
          <button type="button" data-name :aria-label="t('ways.branch_call', { name: label(one) })" :title="t('ways.branch_call', { name: label(one) })" @click="begin(one)"><Icon of="edit" /></button>
          <button v-if="listable(one)" type="button" data-off :aria-label="t('ways.branch_off', { name: label(one) })" :title="t('ways.branch_off', { name: label(one) })" @click="off(one)">×</button>
        </span>
        <EraseSure v-if="erasing === one.branch" @yes="erase(one)" @no="erasing = 0" /></li></ul>
    </fieldset>`,
};
