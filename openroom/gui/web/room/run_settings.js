// How the room runs: its story, who answers and in which order, the note, who may come in. For who runs it.
import { t } from "../shared/i18n.js";
import { here } from "./room_model.js";
import { stagesOf } from "./texts.js";

const MODES = ["natural", "smart", "round_robin", "list", "pooled", "manual", "nobody"];
const STEERS = ["own", "everybody", "owner", "nobody"];
const IN_ORDER = new Set(["round_robin", "list"]);
const MOST_NOTED = 1000;

export const RunSettings = {
  name: "OrRunSettings",
  props: { room: Object },
  emits: ["act"],
  data: ({ room }) => ({ sure: false, note: room.note, wanted: null, MODES, STEERS }),
  computed: {
    run() {
      return this.room.shared.run ?? {};
    },
    stages() {
      return stagesOf(this.room);
    },
    nextStage() {
      return this.stages[this.stages.findIndex((stage) => stage.id === this.room.shared.scene?.stage) + 1];
    },
    /** The characters in the order in which they speak, where the mode has one. */
    order() {
      if (!IN_ORDER.has(this.run.responders)) return [];
      const stated = this.wanted ?? this.run.order ?? [];
      const place = (one) => (stated.includes(one.id) ? stated.indexOf(one.id) : stated.length);
      return here(this.room, "character").sort((a, b) => place(a) - place(b));
    },
  },
  watch: {
    "run.order"() {
      this.wanted = null;
    },
    "room.note"(now) {
      this.note = now;
    },
  },
  methods: {
    t,
    configure(change) {
      this.$emit("act", { do: "configure", ...change });
    },
    earlier(index) {
      const ids = this.order.map((one) => one.id);
      ids.splice(index - 1, 0, ...ids.splice(index, 1));
      this.wanted = ids; // a second press counts from here, whether or not the room has answered yet
      this.configure({ order: ids });
    },
    reset() {
      if (this.sure) this.$emit("act", { do: "reset" });
      this.sure = !this.sure;
    },
  },
  template: `
    <fieldset class="run">
      <legend>{{ t('run.title') }}</legend>
      <div v-if="stages.length" class="story">
        <label>{{ t('run.story') }}
          <select data-stages :value="room.shared.scene.stage" @change="$emit('act', { do: 'advance', stage: $event.target.value })"><option v-for="stage in stages" :key="stage.id" :value="stage.id">{{ stage.title }}</option></select>
        </label>
        <button v-if="nextStage" type="button" data-next-stage @click="$emit('act', { do: 'advance', stage: nextStage.id })">{{ t('run.story_next', { stage: nextStage.title }) }}</button>
      </div>
      <label>{{ t('run.responders') }}
        <select data-mode :value="run.responders" @change="configure({ responders: $event.target.value })"><option v-for="mode in MODES" :key="mode" :value="mode">{{ t('run.mode.' + mode) }}</option></select>
      </label>
      <ol v-if="order.length > 1" class="order" :aria-label="t('run.order')">
        <li v-for="(one, index) in order" :key="one.id" :data-place="one.id"><span>{{ index + 1 }}. {{ one.name }}</span><button v-if="index" type="button" :aria-label="t('run.earlier', { name: one.name })" @click="earlier(index)">↑</button></li>
      </ol>
      <label>{{ t('run.steer') }}
        <select data-steer :value="run.steer ?? 'own'" @change="configure({ steer: $event.target.value })"><option v-for="who in STEERS" :key="who" :value="who">{{ t('run.steers.' + who) }}</option></select>
      </label>
      <label class="check"><input type="checkbox" data-nudges :checked="run.nudge !== 'owner'" @change="configure({ nudge: $event.target.checked ? 'everybody' : 'owner' })"> {{ t('run.nudge') }}</label>
      <label class="check"><input type="checkbox" :checked="run.autoplay" @change="configure({ autoplay: $event.target.checked })"> {{ t('run.autoplay') }}</label>
      <label class="check"><input type="checkbox" :checked="run.open" @change="configure({ open: $event.target.checked })"> {{ t('run.open') }}</label>
      <form @submit.prevent="$emit('act', { do: 'note', text: note.trim() })">
        <label>{{ t('run.note') }}<textarea v-model="note" rows="3" maxlength="${MOST_NOTED}" data-note></textarea></label>
        <button type="submit" :disabled="note.trim() === room.note">{{ t('run.note_save') }}</button>
      </form>
      <button type="button" class="danger" @click="reset">{{ t(sure ? 'run.reset_sure' : 'run.reset') }}</button>
    </fieldset>`,
};
