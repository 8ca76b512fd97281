// The stage: backdrop, things, characters, guests, speech bubbles.
import { Avatar } from "../art/avatar.js";
import { personArt } from "../art/look.js";
import { avatarOf, Picture } from "../art/picture.js";
import { t } from "../shared/i18n.js";
import { Bubbles, NARROW } from "./bubbles.js";
import { seats, spread } from "./lanes.js";
import { here, isNarrator, nameOf, placedProps } from "./room_model.js";
import { lookOf, thingName } from "./texts.js";

/** So many pixels stay free above a head; on a narrow stage what is said stands there. */
const HEAD_ROOM = 12;
const NARROW_HEAD_ROOM = 96;
/** Half of a name plate of usual length, in pixels, and how much of half a visitor stays inside of the stage (per cent). */
const HALF_PLATE = 34;
const SHARE_OF_SEAT = 50;
const GUEST_COLOURS = ["#7a4a3a", "#4a5a7a", "#5f4a78", "#3f6b5c", "#7a6238", "#7a3f58"];

export const Stage = {
  name: "OrStage",
  components: { Avatar, Bubbles, Picture },
  props: { room: Object, prefix: String, openProp: String, quiet: Boolean, card: Object, heard: { type: String, default: null } },
  emits: ["prop", "person"],
  data: () => ({ size: { width: 0, height: 0 }, plain: false }),
  computed: {
    /** Before one is in, the lobby's card says what can be seen through the window. */
    scene() {
      const scene = this.room.shared.scene ?? {};
      return scene.id ? scene : { id: this.card?.scene ?? "", backdrop: this.card?.backdrop || undefined, time: this.card?.time, weather: this.card?.weather };
    },
    backdrop() {
      const name = encodeURIComponent(this.scene.backdrop ?? this.room.manifest.scene?.backdrop ?? this.scene.id ?? "");
      return name ? `${this.prefix}/art/scenes/${name}` : "";
    },
    props_() {
      return placedProps(this.room).map((prop) => ({ ...prop, folder: `${this.prefix}/art/props/${encodeURIComponent(prop.about.art || prop.kind)}` }));
    },
    narrow() {
      return this.size.width < NARROW;
    },
    unit() {
      return Math.min(this.size.width / 100, this.size.height / 62.5);
    },
    cast() {
      const present = here(this.room, "character").filter((one) => !isNarrator(this.room, one.id));
      const scale = present.length > 4 ? Math.max(0.55, 4.4 / present.length) : 1;
      const half = this.size.width ? Math.min(45, ((11.75 * scale * this.unit) / this.size.width) * 100) : 12;
      const xs = spread(present.map((one) => one.place?.x ?? 50), half * 1.75, half, 100 - half);
      return present.map((one, index) => this.figure(one, xs[index], scale * (one.place?.scale ?? 1)));
    },
    guests() {
      const present = here(this.room, "player").slice(0, 12);
      const gap = this.guestGap(present.length);
      const xs = seats(present.length, gap, this.cast.map((one) => one.x), this.closeness, this.guestWidth * SHARE_OF_SEAT / this.size.width);
      return present.map((one, index) => ({ ...one, x: xs[index], art: personArt(one.id, one.look), you: one.id === this.room.you }));
    },
    guestWidth() {
      return Math.max(72, Math.min(116, 12 * this.unit));
    },
    /** From how near on (per cent) who sits in front of a character hides its name. */
    closeness() {
      return this.size.width ? ((this.guestWidth / 2 + HALF_PLATE) / this.size.width) * 100 : 0;
    },
    /** The names of characters, over everybody; of one before whom somebody sits, above that head. */
    plates() {
      const above = this.size.height - this.guestWidth * 1.28 - (this.narrow ? 14 : 0);
      return this.cast.map((one) => {
        const hidden = this.guests.some((guest) => Math.abs(guest.x - one.x) < this.closeness);
        const low = (one.y / 100) * this.size.height;
        return { id: one.id, name: one.name, muted: Boolean(this.room.shared.run?.muted?.[one.id]), left: `${one.x}%`, top: `${hidden ? Math.min(low, above) : low}px` };
      });
    },
    speaking() {
      return Object.values(this.room.turns).find((turn) => turn.phase === "speaking")?.who ?? "";
    },
    /** Whose mouth moves: with voices who is heard, without who is speaking. */
    talking() {
      return this.heard ?? this.speaking;
    },
    focus() {
      const last = [...this.room.log].reverse().find((event) => event.kind === "said");
      return this.positions[this.heard || this.speaking || last?.actor]?.x;
    },
    positions() {
      const at = {};
      for (const one of this.cast) {
        at[one.id] = { x: (one.x / 100) * this.size.width, y: (one.y / 100) * this.size.height - this.heightOf(one) * 0.97 };
      }
      for (const one of this.guests) at[one.id] = { x: (one.x / 100) * this.size.width, y: this.size.height - 13 * this.unit };
      return at;
    },
  },
  mounted() {
    this.observer = new ResizeObserver(([entry]) => {
      this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    this.observer.observe(this.$el);
  },
  beforeUnmount() {
    this.observer?.disconnect();
  },
  methods: {
    t,
    artOf(who) {
      const card = this.room.manifest.characters?.[who] ?? {};
      const peeked = this.room.shared.people?.[who]?.art;
      return avatarOf(this.prefix, card.art || card.id || peeked || who.replace("character:", ""), card);
    },
    /** A figure on the stage. Nobody stands so far up that the head is cut off. */
    figure(one, x, scale) {
      const art = this.artOf(one.id);
      const least = this.size.height ? Math.min(100, ((this.heightOf({ scale, art }) + (this.narrow ? NARROW_HEAD_ROOM : HEAD_ROOM)) / this.size.height) * 100) : 0;
      return { ...one, x, y: Math.max(least, this.floor(one.place?.y ?? 96)), scale, art };
    },
    heightOf({ scale, art }) {
      return 53.1 * this.unit * scale * art.size * art.tall;
    },
    /** How far visitors sit apart, in per cent; on a narrow stage further, so that names have room. */
    guestGap(count) {
      return Math.min(this.narrow ? 27 : 16, 76 / Math.max(1, count - 1));
    },
    /** On a narrow stage figures stand lower, so that the strip of speech covers no face. */
    floor(y) {
      return this.narrow ? Math.min(95, y + 11) : y;
    },
    lookAt(one) {
      const target = this.focus;
      const own = this.positions[one.id]?.x;
      if (target === undefined || own === undefined || Math.abs(target - own) < 5) return 0;
      return Math.max(-4, Math.min(4, (target - own) / 40));
    },
    thingName,
    lookLabel(prop) {
      return thingLabel(this.room, prop);
    },
    characterLabel(one) {
      const known = t(`emotion.${one.emotion}`);
      const mood = known.startsWith("emotion.") ? one.emotion : known;
      return [one.name, one.emotion && mood, this.room.shared.run?.muted?.[one.id] && t("people.muted")].filter(Boolean).join(", ");
    },
    nameOf(who) {
      return nameOf(this.room, who);
    },
  },
  template: `
    <section class="stage scenery" :data-time="scene.time" :data-weather="scene.weather" :aria-label="t('stage.label')" :class="{ quiet }">
      <div class="backdrop" aria-hidden="true">
        <Picture v-if="backdrop" :folder="backdrop" base="backdrop" :look="scene.time" fit="xMidYMax slice" @missing="plain = true" @loaded="plain = false" />
        <div v-if="plain" class="backdrop-plain"></div>
        <div class="tint"></div>
      </div>
      <ul class="things" :aria-label="t('stage.things')">
        <li v-for="prop in props_" :key="prop.id" class="thing" :class="{ hangs: prop.place.y < 40 }" :style="{ left: prop.place.x + '%', top: prop.place.y + '%', '--scale': prop.place.scale ?? 1, zIndex: Math.round(prop.place.y) }">
          <button type="button" :data-prop="prop.id" :data-kind="prop.kind" :data-look="prop.look || ''" :aria-label="lookLabel(prop)" :aria-expanded="openProp === prop.id ? 'true' : 'false'" aria-haspopup="dialog" @click="$emit('prop', prop.id)">
            <Picture :folder="prop.folder" base="prop" :look="prop.look || ''" :other="prefix + '/art/props/unknown'" />
            <span class="thing-name" aria-hidden="true">{{ thingName(prop) }}</span>
          </button>
        </li>
      </ul>
      <ul class="cast" :aria-label="t('stage.cast')">
        <li v-for="one in cast" :key="one.id" class="actor" :style="{ left: one.x + '%', top: one.y + '%', '--scale': one.scale * one.art.size, zIndex: 100 + Math.round(one.y) }">
          <button type="button" :data-who="one.id" :data-emotion="one.emotion || ''" :data-heard="heard === one.id ? 'yes' : null" :aria-label="characterLabel(one)" @click="$emit('person', one.id)">
            <Avatar :art="one.art" :emotion="one.emotion" :talking="talking === one.id" :look-x="lookAt(one)" />
          </button>
        </li>
      </ul>
      <ul class="guests" :style="{ '--gap': guests.length > 1 ? guestGap(guests.length) : 40 }" :aria-label="t('stage.guests')">
        <li v-for="one in guests" :key="one.id" class="guest" :data-who="one.id" :style="{ left: one.x + '%' }">
          <Avatar :art="one.art" emotion="calm" bust still />
          <span class="nameplate">{{ one.you && narrow ? t('people.you') : one.name }}<template v-if="one.you && !narrow"> · {{ t('people.you') }}</template></span>
        </li>
      </ul>
      <ul class="plates" aria-hidden="true">
        <li v-for="one in plates" :key="one.id" class="nameplate" :data-name-of="one.id" :data-muted="one.muted ? 'yes' : null" :data-heard="heard === one.id ? 'yes' : null" :style="{ left: one.left, top: one.top }" @click="$emit('person', one.id)"><i v-if="heard === one.id" class="sounding"><b></b><b></b><b></b></i>{{ one.name }}<template v-if="one.muted"> · {{ t('people.muted') }}</template></li>
      </ul>
      <Bubbles :room="room" :positions="positions" :size="size" />
      <slot></slot>
    </section>`,
};

/** A thing's name and how it looks now, for screen readers. */
export function thingLabel(room, prop) {
  const look = lookOf(room, prop) || (prop.look ?? "").replaceAll("_", " ");
  return look ? `${thingName(prop)}: ${look}` : thingName(prop);
}

export function colourOf(id) {
  const n = [...id].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) % 9973, 5);
  return GUEST_COLOURS[n % GUEST_COLOURS.length];
}
