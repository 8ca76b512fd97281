// Who is here, how the room runs, and what its owner may do about either.
import { Avatar } from "../art/avatar.js";
import { personArt } from "../art/look.js";
import { avatarOf } from "../art/picture.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { Invites } from "../shared/invites.js";
import { bringTalk, takeTalk, whyNotBrought } from "./earlier_talk.js";
import { Branches } from "./branches.js";
import { here, isNarrator, mayNudge, runs } from "./room_model.js";
import { RunSettings } from "./run_settings.js";
import { Saves } from "./ways.js";
import { characterText } from "./texts.js";

export const PeoplePanel = {
  name: "OrPeoplePanel",
  components: { Avatar, Branches, Invites, RunSettings, Saves },
  props: { room: Object, prefix: String, roomId: String },
  emits: ["close", "act", "copied", "link", "told", "steer"],
  data: () => ({ sure: "", invited: 0, busy: "" }),
  computed: {
    people() {
      return here(this.room);
    },
    runs() {
      return runs(this.room);
    },
    mayNudge() {
      return mayNudge(this.room);
    },
    run() {
      return this.room.shared.run ?? {};
    },
  },
  mounted() {
    this.$el.querySelector(".close").focus();
  },
  methods: {
    t,
    art(who) {
      const person = this.room.shared.people?.[who] ?? {};
      if (person.kind !== "character") return personArt(who, person.look);
      const card = this.room.manifest.characters?.[who] ?? {};
      return avatarOf(this.prefix, card.art || card.id || who.replace("character:", ""), card);
    },
    isNarrator(one) {
      return isNarrator(this.room, one.id);
    },
    muted(one) {
      return Boolean(this.run.muted?.[one.id]);
    },
    line(one) {
      if (isNarrator(this.room, one.id)) return t("people.narrator");
      if (one.kind === "character") return characterText(one.id, this.room.manifest.characters?.[one.id]?.line ?? "");
      if (one.persona) return t("people.persona");
      return t(one.kind === "spectator" ? "people.spectator" : "people.player");
    },
    /** What one may know of whom somebody is here. */
    about(one) {
      return one.personas?.[one.persona]?.about ?? "";
    },
    confirm(what, action) {
      if (this.sure !== what) this.sure = what;
      else {
        this.sure = "";
        this.$emit("act", action);
      }
    },
    /** A link to copy: into a private room it is an invite. */
    async invite() {
      let link = `${location.origin}${this.prefix}/room/${encodeURIComponent(this.roomId)}`;
      if (!this.run.open) {
        const made = await api(`${this.prefix}/api/rooms/${encodeURIComponent(this.roomId)}/invites`, { method: "POST", body: {} }).catch(() => null);
        if (made) {
          link = made.url;
          this.invited += 1;
        }
      }
      try {
        await navigator.clipboard.writeText(link);
        this.$emit("copied");
      } catch {
        this.$emit("link", link);
      }
    },
    async take(form) {
      this.busy = form;
      await takeTalk(this.prefix, this.roomId, form).catch((error) => this.$emit("told", error.words));
      this.busy = "";
    },
    async bring(event) {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      this.busy = "past";
      this.$emit("told", await bringTalk(this.prefix, this.roomId, file).catch(whyNotBrought));
      this.busy = "";
    },
  },
  template: `
    <section class="panel people-panel" role="dialog" :aria-label="t('people.title')">
      <header><h2>{{ t('people.title') }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <ul class="people">
        <li v-for="one in people" :key="one.id" :data-person="one.id">
          <span class="face" aria-hidden="true"><i v-if="isNarrator(one)" class="initial narrator">…</i><Avatar v-else :art="art(one.id)" :emotion="one.emotion" crop still /></span>
          <span class="about"><b>{{ one.name }}<template v-if="one.id === room.you"> · {{ t('people.you') }}</template></b><small><span v-if="muted(one)" class="muted" data-muted>{{ t('people.muted') }} · </span>{{ line(one) }}<span v-if="about(one)" class="persona-about" data-persona-about>{{ about(one) }}</span></small></span>
          <span class="acts">
            <button v-if="one.kind === 'character' && mayNudge && !muted(one)" type="button" @click="$emit('act', { do: 'nudge', character: one.id })">{{ t('people.nudge') }}</button>
            <button v-if="runs && one.kind === 'character'" type="button" data-mute @click="$emit('act', { do: 'mute', character: one.id, on: !muted(one) })">{{ t(muted(one) ? 'people.unmute' : 'people.mute') }}</button>
            <template v-if="runs && one.kind !== 'character' && one.id !== room.you">
              <button type="button" @click="confirm('kick' + one.id, { do: 'remove', who: one.id })">{{ t(sure === 'kick' + one.id ? 'people.sure' : 'people.kick') }}</button>
              <button type="button" @click="confirm('ban' + one.id, { do: 'remove', who: one.id, ban: true })">{{ t(sure === 'ban' + one.id ? 'people.sure' : 'people.ban') }}</button>
            </template>
          </span>
        </li>
      </ul>
      <div class="row"><button type="button" data-invite @click="invite">{{ t('people.invite') }}</button></div>
      <div class="take" role="group" :aria-label="t('people.take')"><b>{{ t('people.take') }}</b><span class="row"><button type="button" data-take="markdown" :disabled="Boolean(busy)" @click="take('markdown')">{{ t('people.take_markdown') }}</button><button type="button" data-take="jsonl" :disabled="Boolean(busy)" @click="take('jsonl')">{{ t('people.take_chat') }}</button></span><small class="hint">{{ t('people.take_hint') }}</small></div>
      <div v-if="runs" class="take"><b>{{ t('people.past') }}</b><span class="row"><button type="button" data-bring-past :disabled="Boolean(busy)" @click="$refs.chooser.click()">{{ t(busy === 'past' ? 'past.coming' : 'people.past_choose') }}</button></span><small class="hint">{{ t('people.past_hint') }}</small><input ref="chooser" type="file" hidden accept=".jsonl,.json,application/x-ndjson" data-past-chooser @change="bring"></div>
      <Invites v-if="runs" :prefix="prefix" :room-id="roomId" :made="invited" />
      <Saves :room="room" @steer="$emit('steer', $event)" />
      <Branches :room="room" :prefix="prefix" :room-id="roomId" @steer="$emit('steer', $event)" />
      <RunSettings v-if="runs" :room="room" @act="$emit('act', $event)" />
    </section>`,
};
