// The words of a line. One that is all done and nothing said reads as that: "Ann *waves*". A long greeting folds, and a long
// line of an earlier talk: its words stay where they are for who hears them.
import { t } from "../shared/i18n.js";
import { isDeed, Spoken } from "../shared/spoken.js";

/** From so many characters on a greeting folds. */
const LONG = 600;

/** Whether a line is a character's greeting: its turn began because somebody came in. */
export function greets(room, event) {
  const seq = Number(/^t(\d+)-/.exec(event.cause ?? "")?.[1] ?? 0);
  return seq > 0 && event.actor.startsWith("character:") && room.log.some((one) => one.seq === seq && one.kind === "entered");
}

export const SaidText = {
  name: "OrSaidText",
  components: { Spoken },
  props: { room: Object, event: Object, name: String },
  data: () => ({ open: false }),
  computed: {
    deed() {
      return isDeed(this.event.text);
    },
    long() {
      return this.event.text.length > LONG && (Boolean(this.event.imported) || greets(this.room, this.event));
    },
  },
  methods: { t },
  template: `
    <p class="text" :class="{ deed, folded: long && !open }"><template v-if="deed"><b>{{ name }}</b>{{ ' ' }}</template><Spoken :text="event.text" /><span v-if="event.cut" class="cut"> — {{ t('talk.cut') }}</span></p>
    <button v-if="long" type="button" class="link fold" :aria-expanded="open ? 'true' : 'false'" @click="open = !open">{{ t(open ? 'talk.less' : 'talk.more') }}</button>`,
};
