// A room: entrance, stage, talk, composer, and honest words for everything that can go wrong.
import { markRaw, nextTick } from "vue";
import { connect } from "openroom-client/openroom.js";
import { DoorPicture } from "../art/door.js";
import { keptPersona, personasOf } from "../personas/choice.js";
import { api } from "../shared/api.js";
import { because, loadWords, t, words } from "../shared/i18n.js";
import { store, visit } from "../shared/keep.js";
import { modelChip } from "../shared/model_chip.js";
import { dropSiblingRules } from "../shared/sibling_rules.js";
import { VoiceButton } from "../voice/button.js";
import { makeVoice } from "../voice/voice.js";
import { CharacterCard } from "./character_card.js";
import { Composer } from "./composer.js";
import { Entrance, keptLook } from "./entrance.js";
import { HelpPanel } from "./help_panel.js";
import { PeoplePanel } from "./people_panel.js";
import { PromptView } from "./prompt_view.js";
import { PropPanel } from "./prop_panel.js";
import { follow, here, nameOf, newRoom, placedProps } from "./room_model.js";
import { Stage, thingLabel } from "./stage.js";
import { atTheDoor, inTheRoom } from "./status.js";
import { newSearch, SearchPanel } from "../search/panel.js";
import { askedFor, forgetAsked, goTo, linkTo, readAgain, readOn } from "./moment.js";
import { Talk } from "./talk.js";
import { loadTexts, propText, sceneText, stagesOf, thingName } from "./texts.js";
import { viewOf } from "./views.js";
import { doneKey, isOld, lastReply, maySteer, toWay, undoOf, waysOf } from "./ways.js";

const TOAST_MS = 6000;
const UNDO_MS = 60000;
/** What came of a file is read by who looks back from it. */
const TOLD_MS = 20000;
/** Nothing lies over the room. */
const SHUT = { openProp: "", openPerson: "", people: false, help: false, searching: false, prompt: 0 };
const REMINDER_MS = 60000;
const OPTIONS_MS = 120;
const MOST_TITLE = 40;
const LONG_VISIT_CHECK_MS = 60000;

export const RoomPage = {
  name: "OrRoomPage",
  components: { CharacterCard, Composer, DoorPicture, Entrance, HelpPanel, PeoplePanel, PromptView, PropPanel, SearchPanel, Stage, Talk, VoiceButton },
  props: { room: String, prefix: String, language: String, languages: Object },
  data: ({ room, prefix }) => {
    const model = newRoom();
    return { words, model, voice: makeVoice(model, room, prefix), card: {}, shutOut: "", entered: false, watch: false, status: { state: "" }, now: Date.now(), openProp: "", openPerson: "", people: false, help: false, searching: false, prompt: 0, search: newSearch(), at: askedFor(), toasts: [], pending: [], problem: "", busy: false, sounds: {}, skew: 0, reminded: false, why: "" };
  },
  computed: {
    chip() {
      return modelChip(this.model.model);
    },
    knocking() {
      return atTheDoor(this.status);
    },
    banner() {
      return this.entered ? inTheRoom(this.status, this.why, this.now) : null;
    },
    ending() {
      if (this.shutOut) return this.shutOut;
      return this.entered && this.status.state === "ended" && this.status.reason !== "left" ? this.status.reason : "";
    },
    watching() {
      return this.model.shared.people?.[this.model.you]?.kind === "spectator";
    },
    things() {
      return placedProps(this.model);
    },
    everybody() {
      return here(this.model);
    },
    title() {
      return this.card.title || sceneText(this.model.shared.scene?.title) || "";
    },
    /** The stage that the scene's story has come to, where it has any. */
    story() {
      return stagesOf(this.model).find((stage) => stage.id === this.model.shared.scene?.stage);
    },
    address() {
      return `${this.prefix}/api/rooms/${encodeURIComponent(this.room)}`;
    },
    enteredKey() {
      return `openroom.entered.${this.room}`;
    },
    /** The things that can be heard. */
    sounding() {
      return this.things.filter(({ about }) => viewOf(this.prefix, about.shown_as)?.makeSound);
    },
    heard() {
      return Object.values(this.sounds).find((sound) => sound.active);
    },
    /** A sound that the browser does not let be heard before a click. */
    blocked() {
      return Object.values(this.sounds).find((sound) => sound.blocked);
    },
  },
  watch: {
    title(now) {
      if (now) document.title = `${now} · openroom`;
    },
    sounding: "play",
    /** What would take more back than the act is offered no longer. */
    "model.undo"(now) {
      if (!now) this.toasts = this.toasts.filter((one) => one.reason !== "went");
    },
    /** Others see at once what changed and who did it. */
    "model.turned"(turned) {
      if (!turned || turned.by === this.model.you) return;
      this.model.undo = null;
      this.toast(t(turned.undone ? "log.undone_by" : `ways.by.${turned.why}`, { name: nameOf(this.model, turned.by) }), "turned");
    },
  },
  async created() {
    dropSiblingRules();
    await loadWords(this.language);
    this.look();
  },
  mounted() {
    document.body.classList.add("in-room");
    this.asking = new Set();
    this.ticker = setInterval(() => (this.now = Date.now()), 1000);
    this.onKey = (event) => {
      if (event.key === "Escape" && (this.openProp || this.openPerson || this.people || this.help || this.searching || this.prompt)) this.shut();
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && this.entered && !this.ending) {
        event.preventDefault(); // the browser's own search
        if (!this.searching) this.toggleSearch();
      }
    };
    window.addEventListener("keydown", this.onKey);
    this.voice.begin((text) => this.toast(text, "voice"));
    this.visit = setInterval(() => this.remind(), LONG_VISIT_CHECK_MS);
  },
  beforeUnmount() {
    clearInterval(this.ticker);
    clearInterval(this.visit);
    window.removeEventListener("keydown", this.onKey);
    this.me?.close();
    this.voice.end();
    for (const sound of Object.values(this.sounds)) sound.close();
  },
  methods: {
    t, because, thingLabel, thingName,
    knownName: () => store.get("openroom.name", ""),
    /** Before the door: what is on the sign. */
    async look() {
      const address = `${this.prefix}/api/rooms/${encodeURIComponent(this.room)}/card?language=${words.language}`;
      // A room that is not listed may be private, and its door may open to this person; of that there is no card.
      this.card = await api(address).catch(() => ({ there: true }));
      if (!this.card.there || this.card.gone) {
        this.shutOut = this.card.gone ? "no_scene" : "no_such_room";
        return;
      }
      await loadTexts(this.prefix, this.card.scene);
      this.peek();
      const before = visit.get(this.enteredKey, "");
      if (before && this.knownName()) this.enter({ name: this.knownName(), watch: before === "watch", persona: keptPersona() });
    },
    /** Who can be seen through the window. */
    peek() {
      const { cast } = this.card;
      if (!cast || this.model.ready) return;
      const step = 70 / Math.max(1, cast.length - 1);
      const people = cast.map((one, order) => [`character:${one.id}`, { kind: "character", name: one.name, art: one.art, body: one.body, order, here: true, place: { x: cast.length > 1 ? 15 + order * step : 50, y: 96 } }]);
      this.model.shared.people = Object.fromEntries(people);
    },
    async enter({ name, watch, persona = keptPersona() }) {
      store.set("openroom.name", name);
      this.problem = "";
      // The cookie says who one is; without it the socket would have to be told.
      await fetch(`${this.prefix}/api/session`, { method: "POST" }).catch(() => null);
      this.join(name, watch, persona);
    },
    join(name, watch, persona = keptPersona()) {
      const before = this.me;
      this.me = null; // what it still says is not about the one who comes in now
      before?.close();
      const me = connect({ url: location.origin + this.prefix, room: this.room, name, watch, language: words.language, look: keptLook(), persona: watch ? "self" : persona });
      Object.assign(this, { me, watch, status: me.status });
      me.on("status", (_state, status) => me === this.me && this.onStatus(status));
      follow(this.model, me);
      this.voice.follow(me);
      me.on("snapshot", () => this.onSnapshot());
      me.on("event", (event) => this.onEvent(event));
      me.on("signal", ({ signal, characters }) => signal === "lost" && this.toast(t("room.lost", { names: characters.map((id) => nameOf(this.model, `character:${id}`)).join(", ") }), "lost", UNDO_MS));
      me.on("error", ({ reason, message }) => this.entered && this.toast(because(reason, message)));
    },
    onStatus(status) {
      // Of a restart only the first word says so; the tries after it find nobody to ask.
      if (status.reason && status.state === "waiting") this.why ||= status.reason;
      this.status = status;
      if (status.state === "open") {
        this.entered = true;
        this.why = "";
        visit.set(this.enteredKey, this.watch ? "watch" : "play");
        personasOf(this.prefix).then((personas) => (this.model.personas = personas ?? this.model.personas));
      }
      if (status.state === "ended" && !this.entered) {
        if (["no_such_room", "banned"].includes(status.reason)) this.shutOut = status.reason;
        else this.problem = because(status.reason, status.message);
      }
      if (status.state === "ended") visit.drop(this.enteredKey);
    },
    onSnapshot() {
      loadTexts(this.prefix, this.model.manifest.scene?.id);
      const last = this.model.log[this.model.log.length - 1];
      if (last && last.at > Date.now()) this.skew = Date.now() - last.at;
      const first = !this.began; // others come when the story goes elsewhere: nobody's focus is moved by that
      this.began ??= Date.now();
      const at = this.at;
      this.at = 0;
      if (at) this.go(at);
      else if (this.model.past) this.readAgain();
      else if (first) nextTick(() => this.$refs.talk?.writing || this.$refs.composer?.focus());
    },
    /** The story may have gone another way: who reads back stays where they are, if that is part of it still. */
    async readAgain() {
      const there = await readAgain(this.model, this.address, this.$refs.talk?.place()?.seq ?? 0).catch(() => true);
      if (!there) this.$refs.talk?.toEnd();
    },
    onEvent(event) {
      if (event.at) this.skew = Math.min(this.skew || Infinity, Date.now() - event.at);
      const changed = new Set(Object.keys(event.patch?.props ?? {}));
      if (event.prop) changed.add(event.prop); // what is hidden of it may have changed
      for (const id of changed) if (this.isOffered(id)) this.askOptions(id);
      if (event.cause) this.pending = this.pending.filter((line) => !(event.kind === "said" && event.actor === this.model.you && line.text === event.text));
    },
    /** Whether it shows what can be done with a thing: in its panel, or among what one might say next. */
    isOffered(id) {
      return id === this.openProp || !this.model.manifest.props?.[id]?.personal;
    },
    /** What can be done with a thing changes when it does; changes that come together are one question. */
    askOptions(id) {
      if (this.asking.size === 0) setTimeout(() => this.ask(), OPTIONS_MS);
      this.asking.add(id);
    },
    ask() {
      for (const id of this.asking) this.me.options(id).then((options) => (this.model.options[id] = options), () => {});
      this.asking.clear();
    },
    async say({ text, to, as, typed }) {
      this.voice.hush();
      const line = { key: Math.random(), text, to, as, typed, refused: "" };
      this.pending.push(line);
      try {
        await this.me.say(text, to, as);
        forgetAsked();
        this.drop(line);
      } catch ({ reason, message }) {
        const mine = this.pending.find((one) => one.key === line.key);
        if (mine) mine.refused = because(reason, message);
      }
    },
    again(line) {
      this.drop(line);
      if (line.typed) this.$refs.composer.write(line.typed);
      else this.$refs.composer.fill(line.text);
    },
    drop(line) {
      this.pending = this.pending.filter((one) => one.key !== line.key);
    },
    /** The seqs of what came of it; false where it was refused. */
    async act(action) {
      try {
        return await this.me.act(action);
      } catch (refused) {
        this.toast(this.whyNot(action, refused), refused.reason);
        return false;
      }
    },
    /** A refusal in the reader's language: what the thing says of itself, where that is translated. */
    whyNot(action, { reason, message }) {
      const said = propText(this.model.shared.props?.[action.prop]?.kind, message);
      return said && said !== message ? said : because(reason, message, words.language === (this.model.manifest.scene?.language ?? "en"));
    },
    /** What was typed comes back where it could not be done, and nothing else was begun. */
    async command({ action, line }) {
      if (!(await this.steer(action)) && this.$refs.composer && !this.$refs.composer.text) this.$refs.composer.write(line);
    },
    /** The next try at the last reply, or the one before. */
    way(step) {
      const last = lastReply(this.model);
      const isLast = last && last === this.model.log.findLast((event) => event.kind === "said") && !Object.keys(this.model.turns).length;
      const act = isLast && maySteer(this.model, last.seq) && toWay(this.model, last.seq, step);
      if (act) this.steer(act);
    },
    /** Take the story another way, and offer the way back; from that there is none. */
    async steer(action) {
      if (action.do === "fork") return this.fork(action.seq);
      const { head: before, shared, undo: last } = this.model;
      const quiet = action.do === "choose" && !waysOf(this.model, action.seq).some((seq) => seq <= before && isOld(this.model, seq));
      const seqs = await this.act(action);
      const undo = seqs && undoOf(action, { seqs, before, saved: shared.saves?.[action.id], branch: shared.branches?.[action.of] });
      const isBack = action === last;
      if (seqs) this.model.undo = undo?.do === "rewind" && !isBack ? markRaw(undo) : null;
      if (undo && !quiet && !isBack) this.toast(t(doneKey(action)), undo.do === "rewind" ? "went" : "steered", UNDO_MS, () => this.steer(undo));
      else if (seqs && action.do === "branch") this.toast(t("ways.done.called", { name: action.name }), "steered");
      return seqs;
    },
    /** A room of one's own that begins as this one was then. */
    async fork(seq) {
      try {
        const { id } = await api(`${this.address}/fork`, { method: "POST", body: { seq, title: t("ways.fork_title", { title: this.title }).slice(0, MOST_TITLE) } });
        this.toast(t("ways.done.fork"), "forked", UNDO_MS, () => location.assign(`${this.prefix}/room/${encodeURIComponent(id)}`), t("ways.load"));
      } catch (error) {
        this.toast(error.status === 0 ? t("past.offline") : because(error.reason, error.words), error.reason);
      }
    },
    /** A panel that a command asks for: the help, or the story's save points and branches. */
    async show(what) {
      Object.assign(this, { ...SHUT, help: what === "help", people: what === "branches" });
      this.opener = this.$refs.composer.$refs.box;
      await nextTick();
      if (this.people) this.$el.querySelector(".saves")?.scrollIntoView();
    },
    /** What was typed at a line that is gone goes on in the box below. */
    keepTyped(typed) {
      this.$refs.composer?.append(typed);
      this.toast(t("ways.kept"), "kept");
    },
    showPrompt(seq) {
      this.opener = document.activeElement;
      Object.assign(this, { ...SHUT, prompt: seq });
    },
    async erase(seqs) {
      for (const seq of seqs) if (!(await this.act({ do: "erase", seq }))) return;
    },
    async use({ prop, verb, args }) {
      this.busy = true;
      await this.act({ do: "use", prop, verb, args });
      this.busy = false;
    },
    stop() {
      this.voice.hush();
      if (Object.keys(this.model.turns).length) this.me.stop(); // else only a voice is to be silent, and only here
    },
    retry(failed) {
      this.model.failures = this.model.failures.filter((one) => one.turn !== failed.turn);
      this.act({ do: "nudge", character: failed.who });
    },
    toggleProp(id) {
      this.opener = document.activeElement;
      Object.assign(this, { ...SHUT, openProp: this.openProp === id ? "" : id });
      if (this.openProp) this.askOptions(this.openProp);
    },
    togglePerson(id) {
      this.opener = document.activeElement;
      Object.assign(this, { ...SHUT, openPerson: this.openPerson === id ? "" : id });
    },
    toggleSearch() {
      this.opener = document.activeElement;
      Object.assign(this, { ...SHUT, searching: !this.searching });
    },
    /** To a line, if one heard it and it is part of the story still. */
    async go(seq, how) {
      try {
        if (!(await goTo(this.model, this.address, seq, how))) this.toast(t("past.gone"), "not_there");
      } catch (error) {
        this.toast(error.status === 0 ? t("past.offline") : error.words, error.reason);
      }
    },
    found(hit) {
      if (matchMedia("(max-width: 760px)").matches) Object.assign(this, { searching: false, prompt: 0 }); // they lie over the talk
      this.go(hit.seq);
    },
    async readOn({ where, done }) {
      const came = await readOn(this.model, this.address, where).then(() => true, () => false);
      if (!came) this.toast(t("past.offline"), "past_offline");
      done(came);
    },
    async copyLink(seq) {
      const link = linkTo(this.prefix, this.room, seq);
      try {
        await navigator.clipboard.writeText(link);
        this.toast(t("talk.link_copied"), "", TOAST_MS / 2);
      } catch {
        this.toast(t("people.link", { link }));
      }
    },
    togglePeople() {
      this.opener = document.activeElement;
      Object.assign(this, { ...SHUT, people: !this.people });
    },
    shut() {
      Object.assign(this, SHUT);
      nextTick(() => this.opener?.focus?.());
    },
    whisper(who) {
      this.shut();
      nextTick(() => {
        this.$refs.composer.to = who;
        this.$refs.composer.focus();
      });
    },
    play() {
      for (const { id, state, about } of this.sounding) {
        this.sounds[id] ??= viewOf(this.prefix, about.shown_as).makeSound();
        this.sounds[id].follow(state, this.skew);
      }
    },
    remind() {
      const minutes = Number(store.get("openroom.reminder", "90"));
      if (!minutes || this.reminded || !this.began || Date.now() - this.began < minutes * 60000) return;
      this.reminded = true;
      this.toast(t("visit.long", { n: Math.round(minutes) }), "long_visit", REMINDER_MS);
    },
    undo(one) {
      this.toasts = this.toasts.filter((other) => other !== one);
      one.undo();
    },
    /** `undo` is what its button does, which is called `label` where it takes nothing back. */
    toast(text, reason = "", ms = TOAST_MS, undo = null, label = "") {
      const key = Math.random();
      if (undo && !label) this.toasts = this.toasts.filter((one) => !one.undo || one.label); // one way back, the newest
      this.toasts.push({ key, text, reason, undo, label });
      setTimeout(() => (this.toasts = this.toasts.filter((one) => one.key !== key)), ms);
    },
  },
  template: `
    <div v-if="words.ready" class="room" :data-state="status.state" :data-seq="model.seq" :data-ready="model.ready ? 'yes' : 'no'" :data-music="heard ? heard.began : null" :data-heard="heard?.heardFrom || null">
      <template v-if="ending">
        <div class="ending" :data-ending="ending"><section class="panel"><DoorPicture :lit="!['banned', 'no_such_room', 'closing'].includes(ending)" /><p class="eyebrow">{{ title || 'openroom' }}</p><h1>{{ t('ending.' + ending + '.title') === 'ending.' + ending + '.title' ? t('ending.other.title') : t('ending.' + ending + '.title') }}</h1><p>{{ because(ending, status.message) }}</p>
          <div class="row"><a class="primary big" :href="prefix + '/'">{{ t('ending.lobby') }}</a><button v-if="['superseded', 'kicked', 'closing', 'full', 'left'].includes(ending)" type="button" @click="enter({ name: knownName() || model.name, watch })">{{ t('ending.again') }}</button></div></section></div>
      </template>
      <template v-else>
        <div class="room-grid" :class="{ closed: !entered }" :inert="!entered || undefined">
          <Stage :room="model" :card="card" :prefix="prefix" :open-prop="openProp" :quiet="!entered" :heard="voice.leads ? voice.speaker.who : null" @prop="toggleProp" @person="togglePerson">
            <header class="room-head">
              <a class="round" :href="prefix + '/'" :aria-label="t('room.lobby')" :title="t('room.lobby')">‹</a>
              <div class="room-names"><component :is="entered ? 'h1' : 'p'" class="room-title" :title="title">{{ title }}</component><p v-if="story" class="room-story" :data-story="story.id">{{ t('stage.story', { stage: story.title }) }}</p></div>
              <span class="spacer"></span>
              <button v-if="blocked" type="button" class="chip sound" data-sound="blocked" @click="blocked.unlock()">♪ {{ t('sound.tap') }}</button>
              <span v-if="chip" class="chip model" :data-model="chip.kind" :title="chip.detail" tabindex="0"><i aria-hidden="true"></i><span class="chip-text">{{ chip.text }}</span><span class="chip-short" aria-hidden="true">{{ chip.short }}</span></span>
              <VoiceButton :voice="voice" />
              <button type="button" class="chip search-chip" data-search-button :aria-expanded="searching ? 'true' : 'false'" :aria-label="t('search.open')" :title="t('search.open')" aria-keyshortcuts="Control+K Meta+K" @click="toggleSearch"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M10.5,4 a6.5,6.5 0 1 0 0,13 a6.5,6.5 0 1 0 0,-13 M15.3,15.3 L20.5,20.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg></button>
              <button type="button" class="chip people-chip" data-people :aria-expanded="people ? 'true' : 'false'" :aria-label="t('people.title_n', { n: everybody.length })" @click="togglePeople"><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="9" cy="8" r="4"/><path d="M1,21 C1,14 17,14 17,21 Z"/><circle cx="17" cy="9" r="3"/><path d="M18,14 C22,14 23.5,17 23.5,20 L19,20 C19,17 18.6,15.6 17,14.2 Z"/></svg>{{ everybody.length }}</button>
            </header>
          </Stage>
          <section class="sheet" :aria-label="t('talk.label')">
            <div v-if="things.length" class="tray" role="group" :aria-label="t('stage.things')"><button v-for="thing in things" :key="thing.id" type="button" :data-tray="thing.id" :aria-label="thingLabel(model, thing)" @click="toggleProp(thing.id)">{{ thingName(thing) }}</button></div>
            <Talk ref="talk" :room="model" :prefix="prefix" :pending="pending" @stop="stop" @recite="me.recite($event)" @retry="retry" @rate="act({ do: 'rate', ...$event })" @erase="erase([$event])" @again="again" @drop="drop" @link="copyLink" @read-on="readOn" @go="go($event.seq, $event)" @steer="steer" @prompt="showPrompt" @lost="keepTyped" />
            <p v-if="banner" class="banner" role="status" :data-banner="banner.key">{{ banner.text }} <button v-if="banner.retry" type="button" class="link" @click="me.retry()">{{ t('banner.now') }}</button></p>
            <Composer ref="composer" :room="model" :room-id="room" :prefix="prefix" :connected="status.state === 'open'" :watching="watching" :heard="voice.speaker.busy" @say="say" @way="way" @act="command" @show="show" @stop="stop" @write="voice.hush()" @typing="me.typing($event)" @join="join(knownName() || model.name, false)" />
          </section>
          <PropPanel v-if="openProp" :room="model" :prefix="prefix" :room-id="room" :prop="openProp" :sound="sounds[openProp]" :busy="busy" :watching="watching" @use="use" @erase="erase" @trouble="toast" @close="shut" />
          <CharacterCard v-if="openPerson" :key="openPerson" :room="model" :prefix="prefix" :who="openPerson" :watching="watching" @act="act" @whisper="whisper" @close="shut" />
          <PromptView v-if="prompt" :room="model" :prefix="prefix" :room-id="room" :seq="prompt" @go="found({ seq: $event })" @close="shut" />
          <HelpPanel v-if="help" :room="model" @close="shut" />
          <SearchPanel v-if="searching" :prefix="prefix" :room-id="room" :search="search" :you="model.you" @go="found" @close="shut" />
          <PeoplePanel v-if="people" :room="model" :prefix="prefix" :room-id="room" @act="act" @copied="toast(t('people.copied'), '', ${TOAST_MS / 2})" @link="toast(t('people.link', { link: $event }))" @told="toast($event, 'told', ${TOLD_MS})" @steer="steer" @close="shut" />
        </div>
        <Entrance v-if="!entered" :card="card" :prefix="prefix" :problem="problem" :waiting="knocking" :known="knownName()" @enter="enter" />
      </template>
      <div class="toasts" role="status" aria-live="polite"><p v-for="one in toasts" :key="one.key" class="toast" :data-reason="one.reason">{{ one.text }}<button v-if="one.undo" type="button" class="link" data-undo @click="undo(one)">{{ one.label || t('ways.undo') }}</button></p></div>
    </div>`,
};
