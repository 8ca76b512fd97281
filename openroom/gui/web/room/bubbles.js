// Speech bubbles above the speakers; on a narrow stage one strip with the newest line.
import { nextTick } from "vue";
import { t } from "../shared/i18n.js";
import { Spoken } from "../shared/spoken.js";
import { placeBubbles } from "./lanes.js";
import { nameIn, nameOf } from "./room_model.js";

export const NARROW = 620;
const MOST = 4;
/** So many characters, and a bubble is set smaller: low enough to stay above a head. */
const LONG = 70;

/** How long a line stays over a head, in ms: a character's long enough to read twice, a visitor's only as an echo. */
function showFor({ actor, text }) {
  return actor.startsWith("character:") ? Math.min(45000, 9000 + text.length * 90) : 4000 + text.length * 40;
}

/** Where on the screen a picture is, without the parts that are hidden now. */
function drawn(element) {
  if (element.localName !== "svg") return element.getBoundingClientRect();
  const { x, y, width, height } = element.getBBox();
  const { a, d, e, f } = element.getScreenCTM();
  return { left: x * a + e, top: y * d + f, width: width * a, height: height * d };
}

export const Bubbles = {
  name: "OrBubbles",
  components: { Spoken },
  props: { room: Object, positions: Object, size: Object },
  data: () => ({ now: Date.now(), places: {}, LONG }),
  computed: {
    narrow() {
      return this.size.width > 0 && this.size.width < NARROW;
    },
    /** Newest first; who is thinking or speaking now counts as newest. */
    bubbles() {
      const found = [];
      const seen = new Set();
      for (const turn of Object.values(this.room.turns)) {
        if (turn.phase === "waiting") continue; // they listen
        seen.add(turn.who);
        found.push({ id: turn.who, who: turn.who, name: nameOf(this.room, turn.who), text: turn.text, thinking: !turn.text, streaming: true });
      }
      for (let index = this.room.log.length - 1; index >= 0 && found.length < MOST; index -= 1) {
        const event = this.room.log[index];
        if (event.kind === "moved") break;
        if (event.kind !== "said" || event.imported || seen.has(event.actor) || event.erased || this.room.erased[event.seq]) continue;
        seen.add(event.actor);
        if (this.now - event.at > showFor(event)) continue;
        found.push({ id: event.actor, who: event.actor, name: nameIn(this.room, event), text: event.text, whisper: Boolean(event.to), cut: Boolean(event.cut) });
      }
      return found.filter((bubble) => this.positions[bubble.who]);
    },
    strip() {
      return this.bubbles.find((bubble) => bubble.text) ?? this.bubbles[0];
    },
  },
  watch: {
    bubbles: { handler: "arrange", deep: true, flush: "post" },
    positions: { handler: "arrange", deep: true, flush: "post" },
  },
  mounted() {
    this.ticker = setInterval(() => (this.now = Date.now()), 1000);
    // Pictures of things come when they come: what is said before then makes room for them.
    this.pictures = new MutationObserver(() => this.arrange());
    for (const layer of this.$el.parentElement.querySelectorAll(".things, .cast")) this.pictures.observe(layer, { childList: true, subtree: true });
    this.arrange();
  },
  beforeUnmount() {
    clearInterval(this.ticker);
    this.pictures?.disconnect();
  },
  methods: {
    t,
    async arrange() {
      await nextTick();
      if (this.narrow || !this.$refs.bubble) return;
      const size = Object.fromEntries(this.$refs.bubble.map((element) => [element.dataset.who, element]));
      const wanted = this.bubbles
        .filter((bubble) => size[bubble.id])
        .map((bubble) => ({ id: bubble.id, anchorX: this.positions[bubble.who].x, anchorY: this.positions[bubble.who].y, width: size[bubble.id].offsetWidth, height: size[bubble.id].offsetHeight }));
      const places = placeBubbles(wanted, { ...this.size, top: 64 }, this.inTheWay());
      if (JSON.stringify(places) !== JSON.stringify(this.places)) this.places = places;
    },
    /** What speech is better not put over: faces above all, then things. */
    inTheWay() {
      const stage = this.$el.parentElement;
      const origin = stage.getBoundingClientRect();
      const found = [];
      for (const [selector, weight] of [[".cast .head", 4], [".thing svg", 1], [".guest-head", 1], [".nameplate", 0.5]]) {
        for (const element of stage.querySelectorAll(selector)) {
          const { left, top, width, height } = drawn(element);
          if (width && height) found.push({ x: left - origin.left, y: top - origin.top, width, height, weight });
        }
      }
      return found;
    },
    style(bubble) {
      const place = this.places[bubble.id];
      if (!place) return { opacity: 0 };
      return { transform: `translate(${place.x}px, ${place.y}px)`, "--tail": `${place.tail}px` };
    },
  },
  template: `
    <div class="bubbles" aria-hidden="true">
      <template v-if="narrow">
        <p v-if="strip" class="strip" :class="{ whisper: strip.whisper }"><b>{{ strip.name }}</b> <span v-if="strip.text"><Spoken :text="strip.text" /></span><span v-else class="dots"><i></i><i></i><i></i></span></p>
      </template>
      <template v-else>
        <div v-for="bubble in bubbles" :key="bubble.id" ref="bubble" class="bubble" :class="{ whisper: bubble.whisper, player: !bubble.who.startsWith('character:'), long: bubble.text.length > LONG }" :data-who="bubble.id" :style="style(bubble)">
          <span v-if="bubble.text" class="bubble-text"><Spoken :text="bubble.text" /><template v-if="bubble.cut"> —</template></span><span v-else class="dots"><i></i><i></i><i></i></span>
        </div>
      </template>
    </div>`,
};
