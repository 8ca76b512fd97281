// One line of the talk: what was said or done, and what one can do with it. It is drawn anew only when something of its own
// changes, so a talk may be long.
import { nextTick } from "vue";
import { Face } from "../art/face.js";
import { personArt } from "../art/look.js";
import { avatarOf } from "../art/picture.js";
import { clock, moment, t } from "../shared/i18n.js";
import { later } from "../shared/later.js";
import { isDeed } from "../shared/spoken.js";
import { EraseSure } from "./erase_sure.js";
import { LineMore, LineTools } from "./line_tools.js";
import { isNarrator, mayErase, nameIn, nameOf, personaIn, wordsBy } from "./room_model.js";
import { SaidText } from "./said_text.js";
import { colourOf } from "./stage.js";
import { tellingOf } from "./texts.js";
import { Throw, thrown } from "./throw.js";
import { LineWays, LineWriting, waysOf } from "./ways.js";

const FOLLOWS_MS = 120000;
/** Where tools show only to who points at a line, they take no room (but for the newest line's) and may come a moment after it. */
const UNSEEN = matchMedia("(hover: hover)").matches;

/** Whether a line goes on with the one before: the same person as the same, at once, to the same. */
export function follows(event, before) {
  return Boolean(before && event.kind === "said" && before.kind === "said" && before.actor === event.actor && before.persona === event.persona && before.played_by === event.played_by && event.at - before.at < FOLLOWS_MS && Boolean(before.to) === Boolean(event.to));
}

export const isCharacter = (who) => who.startsWith("character:");
export const isPerson = (who) => who.startsWith("player:");

/** How somebody is drawn beside what they say. */
export function faceOf(room, prefix, who) {
  if (isPerson(who)) return personArt(who, room.shared.people?.[who]?.look);
  const card = room.manifest.characters?.[who] ?? {};
  return avatarOf(prefix, card.art || card.id || who.replace("character:", ""), card);
}

/** How whoever spoke a line is drawn: as the persona that they showed then, though they show another one now. */
function faceIn(room, prefix, event) {
  const { actor } = event;
  const person = room.shared.people?.[actor];
  const shown = personaIn(room, event);
  if (!isPerson(actor) || shown === (person?.persona ?? "")) return faceOf(room, prefix, actor);
  return personArt(actor, person?.personas?.[shown || "self"]?.look);
}

/** What a line that is no speech says. */
export function told(room, event) {
  if (event.kind === "brought") return t("log.brought", { name: event.actor === room.you ? t("people.you") : nameOf(room, event.actor), n: event.lines });
  if (event.kind === "entered") return t("log.entered", { name: event.name });
  if (event.kind === "left") return t(`log.left.${event.how}`, { name: event.name });
  if (event.kind === "moved") return turned(room, event);
  if (event.kind === "rolled") return thrown(room, event);
  if (event.kind === "muted") return t(event.on ? "log.muted" : "log.unmuted", { name: nameOf(room, event.character) });
  if (event.kind === "noted") return event.text ? t("log.noted", { text: event.text }) : t("log.unnoted");
  return isGone(room, event) ? t("talk.erased") : tellingOf(room, event);
}

/** What took the story another way, and who did it where that is somebody else. */
function turned(room, { by, why, undone }) {
  const name = by && by !== room.you ? nameOf(room, by) : "";
  if (undone) return name ? t("log.undone_by", { name }) : t("log.undone");
  if (why === "reset") return name ? t("ways.by.reset", { name }) : t("log.reset");
  return name ? t("log.rewound_by", { name }) : t("log.rewound");
}

const isGone = (room, event) => Boolean(event.erased || room.erased[event.seq]);

/** `open` is what lies open under it: "tools", "erase", "why" (it is bad), "wish" or "edit"; or nothing. */
export const Line = {
  name: "OrLine",
  components: { EraseSure, Face, LineMore, LineTools, LineWays, LineWriting, SaidText, Throw },
  props: { room: Object, event: Object, prefix: String, follows: Boolean, marked: Boolean, open: { type: String, default: "" } },
  emits: ["open", "rate", "erase", "link", "steer", "prompt", "lost"],
  data: ({ room, event }) => ({ reason: "", at: null, handy: !UNSEEN || room.log.at(-1)?.seq === event.seq }),
  computed: {
    tools() {
      return !this.gone && (this.handy || this.room.ratings[this.event.seq] || waysOf(this.room, this.event.seq).length > 1);
    },
    speech() {
      return this.event.kind === "said";
    },
    own() {
      return this.event.actor === this.room.you;
    },
    narrated() {
      return isNarrator(this.room, this.event.actor);
    },
    gone() {
      return ["said", "used"].includes(this.event.kind) && isGone(this.room, this.event);
    },
    mine() {
      return mayErase(this.room, this.event);
    },
    name() {
      return nameIn(this.room, this.event);
    },
    /** Whether one said it as somebody else than whom one shows now. */
    asAnother() {
      return this.own && this.speech && personaIn(this.room, this.event) !== (this.room.shared.people?.[this.room.you]?.persona ?? "");
    },
    playedBy() {
      const { played_by: who } = this.event;
      return t("talk.played_by", { name: who === this.room.you ? t("people.you") : nameOf(this.room, who) });
    },
    edited() {
      const { edited_by: by } = this.event;
      return by && by !== this.room.you ? t("ways.edited_by", { name: nameOf(this.room, by) }) : t("ways.edited");
    },
    kinds() {
      const { event, speech } = this;
      return { marked: this.marked, speech, own: speech && this.own, follows: this.follows, deed: speech && isDeed(event.text), narration: speech && this.narrated, whisper: event.to?.length, divider: ["brought", "moved"].includes(event.kind), telling: !speech };
    },
    to() {
      return this.event.to.map((who) => (who === this.room.you ? t("people.you") : nameOf(this.room, who))).join(", ");
    },
    /** Of what a thing told to some only: whether others here perceived it too. */
    apart() {
      const others = [this.event.actor, ...this.event.to].filter((who) => who !== this.room.you && who !== "system");
      return t(others.length ? "talk.only_some" : "talk.only_you");
    },
  },
  mounted() {
    if (!this.handy) this.callOff = later(() => (this.handy = true));
  },
  /** The line is gone, such as by who steers: what was being typed at it is not, and nothing lies open when it comes back. */
  beforeUnmount() {
    this.callOff?.();
    const typed = this.$refs.writing?.unsent();
    if (typed) this.$emit("lost", typed);
    else if (this.open) this.$emit("open", "");
  },
  methods: {
    t, clock, isCharacter, isPerson, moment, told, wordsBy,
    art() {
      return faceIn(this.room, this.prefix, this.event);
    },
    colour: colourOf,
    rate(value) {
      const now = this.room.ratings[this.event.seq] === value ? 0 : value;
      this.$emit("rate", { seq: this.event.seq, value: now, reason: "" });
      this.$emit("open", now === -1 ? "why" : "");
      this.reason = "";
      nextTick(() => (now === -1 ? this.$refs.reason : this.$refs.more?.$el)?.focus());
    },
    sendReason() {
      if (this.reason.trim()) this.$emit("rate", { seq: this.event.seq, value: -1, reason: this.reason.trim() });
      this.$emit("open", "");
    },
    /** By a pointer there, or by a key. */
    toggle({ detail, clientX, clientY }) {
      if (detail > 1 && this.open === "tools") return; // a double click opens once
      this.at = detail ? { x: clientX, y: clientY } : null;
      this.$emit("open", this.open === "tools" ? "" : "tools");
    },
    /** Nothing lies open any more, and who uses keys is where they were. */
    keep() {
      this.$emit("open", "");
      nextTick(() => this.$refs.more?.$el.focus({ preventScroll: true }));
    },
    done(what, with_) {
      this.keep();
      this.$emit(what, with_);
    },
  },
  template: `
    <li :data-seq="event.seq" :data-kind="event.kind" :tabindex="marked ? -1 : null" class="line" :class="kinds">
      <template v-if="speech">
        <span v-if="!own && !narrated" class="face" aria-hidden="true">
          <template v-if="!follows || marked">
            <Face v-if="isCharacter(event.actor) || isPerson(event.actor)" :art="art()" />
            <i v-else class="initial" :style="{ background: colour(event.actor) }">{{ name.slice(0, 1) }}</i>
          </template>
        </span>
        <div class="said">
          <p class="who"><b>{{ own ? t('people.you') : name }}</b><span v-if="asAnother" class="badge" data-as>{{ t('talk.as', { name }) }}</span><span v-if="event.played_by" class="badge" data-played>{{ playedBy }}</span><span v-if="event.edited" class="badge" data-edited>{{ edited }}</span><span v-if="event.imported" class="badge" data-imported>{{ t('talk.imported') }}</span><span v-if="event.to" class="to">{{ t('talk.whisper_to', { name: to }) }}</span><time :datetime="new Date(event.at).toISOString()">{{ event.imported ? moment(event.at) : clock(event.at) }}</time></p>
          <p v-if="gone" class="text gone">{{ t('talk.erased') }}</p>
          <SaidText v-else :room="room" :event="event" :name="name" />
          <template v-if="!gone">
            <LineMore v-if="tools" ref="more" :room="room" :event="event" :open="open === 'tools'" @toggle="toggle" />
            <LineWays v-if="!event.imported" :room="room" :event="event" @steer="$emit('steer', $event)" />
            <LineTools v-if="open === 'tools'" :room="room" :event="event" :mine="mine" :at="at" @rate="rate" @steer="done('steer', $event)" @write="$emit('open', $event.what)" @link="done('link', event.seq)" @prompt="done('prompt', event.seq)" @erase="$emit('open', 'erase')" @shut="keep" />
          </template>
          <EraseSure v-if="mine && open === 'erase'" @yes="$emit('erase', event.seq)" @no="keep" />
          <LineWriting v-if="open === 'wish' || open === 'edit'" ref="writing" :key="open" :room="room" :event="event" :what="open" @steer="$emit('steer', $event)" @shut="$emit('open', '')" />
          <form v-if="open === 'why'" class="reason" @submit.prevent="sendReason" @keydown.esc.stop="$emit('open', '')">
            <input ref="reason" v-model="reason" maxlength="500" :aria-label="t('talk.why_bad')" :placeholder="t('talk.why_bad')">
            <button type="submit" class="small">{{ t('talk.send_reason') }}</button>
          </form>
        </div>
      </template>
      <div v-else class="told"><p class="text" :class="{ gone }"><Throw v-if="event.kind === 'rolled'" :room="room" :event="event" /><template v-else>{{ told(room, event) }}</template><span v-if="event.to && event.kind !== 'noted' && !gone" class="to"> — {{ apart }}</span></p>
        <LineMore v-if="mine" ref="more" :room="room" :event="event" :open="open === 'tools'" @toggle="toggle" />
        <LineTools v-if="mine && open === 'tools'" :room="room" :event="event" mine :at="at" @erase="$emit('open', 'erase')" @shut="keep" />
        <EraseSure v-if="mine && open === 'erase'" @yes="$emit('erase', event.seq)" @no="keep" />
      </div>
    </li>`,
};
