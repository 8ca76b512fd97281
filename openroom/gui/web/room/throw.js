// A throw of dice: who threw which, and what fell.
import { t } from "../shared/i18n.js";
import { nameIn } from "./room_model.js";

/** Of more dice than so many the sum alone is drawn. */
const MOST = 12;

/** A throw in words. */
export function thrown(room, event) {
  return t("log.rolled", { name: nameIn(room, event), dice: event.dice, total: event.total });
}

export const Throw = {
  name: "OrThrow",
  props: { room: Object, event: Object },
  computed: {
    words() {
      return thrown(this.room, this.event);
    },
    eyes() {
      const { eyes } = this.event;
      return eyes.length > MOST || (eyes.length === 1 && eyes[0] === this.event.total) ? [] : eyes;
    },
    sides() {
      return /d(\d+)/.exec(this.event.dice)?.[1] ?? "";
    },
  },
  template: `<span class="throw"><span>{{ words }}</span><span v-if="eyes.length" class="dice" :data-sides="sides"><i v-for="(eye, at) in eyes" :key="at">{{ eye }}</i></span></span>`,
};
