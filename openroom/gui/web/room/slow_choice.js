// When somebody thinks for long: have the author's lines answer, or wait (and be asked again later). Who would not be
// asked each time says so once for the room; while it holds, each line that is waited for says so, and undoes it.
import { t } from "../shared/i18n.js";
import { store } from "../shared/keep.js";
import { runs } from "./room_model.js";

const AGAIN_MS = 12000;

const key = (id) => `openroom.slow.${id}`;

export const SlowChoice = {
  name: "OrSlowChoice",
  props: { room: Object, turn: Object, now: Number },
  emits: ["open", "recite", "recite-kept", "wait"],
  data: ({ room }) => ({ until: 0, always: store.get(key(room.id), "") === "recite" }),
  computed: {
    /** Who called for the turn may choose (nobody by name: anybody), and who runs the room. */
    mine() {
      const { choice } = this.turn;
      if (choice === undefined || this.room.shared.people?.[this.room.you]?.kind !== "player") return false;
      return choice === "" || choice === this.room.you || runs(this.room);
    },
    /** What was chosen for the room goes for one's own lines alone. */
    kept() {
      const last = this.room.log.findLast((event) => event.kind === "said" && !event.actor.startsWith("character:"));
      return this.always && (this.turn.choice ?? last?.actor) === this.room.you;
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
      if (!this.open) return;
      if (this.kept) this.later("recite-kept");
      else this.$emit("open");
    },
    /** Either way it is asked again if no word has come by then. */
    later(what) {
      this.until = Date.now() + AGAIN_MS;
      this.$emit(what);
    },
    remember(always) {
      this.always = always;
      if (always) store.set(key(this.room.id), "recite");
      else store.drop(key(this.room.id));
    },
    reciteAlways() {
      this.remember(true);
      this.later("recite");
    },
  },
  template: `
    <p v-if="kept && !turn.text" class="state" data-slow-kept>{{ t('talk.recite_kept') }} <button type="button" class="link" data-ask-me @click="remember(false)">{{ t('talk.recite_ask') }}</button></p>
    <div v-if="open && !kept" class="slow-choice" role="group" :aria-label="t('talk.slow')" data-slow>
      <p>{{ t('talk.slow') }}</p>
      <button type="button" class="small" data-recite @click="later('recite')">{{ t('talk.recite') }}</button>
      <button type="button" class="small" data-wait @click="later('wait')">{{ t('talk.wait') }}</button>
      <button type="button" class="link" data-recite-always @click="reciteAlways">{{ t('talk.recite_always') }}</button>
    </div>`,
};
