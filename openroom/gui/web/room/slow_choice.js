// When somebody thinks for long: have the author's lines answer, or wait (and be asked again later).
import { t } from "../shared/i18n.js";
import { runs } from "./room_model.js";

const AGAIN_MS = 15000;

export const SlowChoice = {
  name: "OrSlowChoice",
  props: { room: Object, turn: Object, now: Number },
  emits: ["open", "recite", "wait"],
  data: () => ({ until: 0 }),
  computed: {
    /** Who called for the turn may choose (nobody by name: anybody), and who runs the room. */
    mine() {
      const { choice } = this.turn;
      if (choice === undefined || this.room.shared.people?.[this.room.you]?.kind !== "player") return false;
      return choice === "" || choice === this.room.you || runs(this.room);
    },
    open() {
      return this.mine && !this.turn.text && this.now >= this.until;
    },
  },
  watch: {
    open: { handler: "tell", immediate: true },
  },
  methods: {
    t,
    tell() {
      if (this.open) this.$emit("open");
    },
    wait() {
      this.until = Date.now() + AGAIN_MS;
      this.$emit("wait");
    },
  },
  template: `
    <div v-if="open" class="slow-choice" role="group" :aria-label="t('talk.slow')" data-slow>
      <p>{{ t('talk.slow') }}</p>
      <button type="button" class="small" data-recite @click="$emit('recite')">{{ t('talk.recite') }}</button>
      <button type="button" class="small" data-wait @click="wait">{{ t('talk.wait') }}</button>
    </div>`,
};
