// Who is here, how the room runs, and what its owner may do about either.
import { Avatar } from "../art/avatar.js";
import { personArt } from "../art/look.js";
import { avatarOf } from "../art/picture.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { Invites } from "../shared/invites.js";
import { here, runs } from "./room_model.js";
import { characterText, stagesOf } from "./texts.js";
import { transcript } from "./transcript.js";

export const PeoplePanel = {
  name: "OrPeoplePanel",
  components: { Avatar, Invites },
  props: { room: Object, prefix: String, roomId: String },
  emits: ["close", "act", "copied", "link"],
  data: () => ({ sure: "", invited: 0 }),
  computed: {
    people() {
      return here(this.room);
    },
    runs() {
      return runs(this.room);
    },
    stages() {
      return stagesOf(this.room);
    },
    nextStage() {
      return this.stages[this.stages.findIndex((stage) => stage.id === this.room.shared.scene?.stage) + 1];
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
    line(one) {
      if (one.kind === "character") return characterText(one.id, this.room.manifest.characters?.[one.id]?.line ?? "");
      return t(one.kind === "spectator" ? "people.spectator" : "people.player");
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
    save() {
      const file = new Blob([transcript(this.room)], { type: "text/markdown" });
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${this.roomId}.md` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
  },
  template: `
    <section class="panel people-panel" role="dialog" :aria-label="t('people.title')">
      <header><h2>{{ t('people.title') }}</h2><button type="button" class="close" :aria-label="t('panel.close')" @click="$emit('close')">×</button></header>
      <ul class="people">
        <li v-for="one in people" :key="one.id" :data-person="one.id">
          <span class="face" aria-hidden="true"><Avatar :art="art(one.id)" :emotion="one.emotion" crop still /></span>
          <span class="about"><b>{{ one.name }}<template v-if="one.id === room.you"> · {{ t('people.you') }}</template></b><small>{{ line(one) }}</small></span>
          <span class="acts">
            <button v-if="one.kind === 'character' && room.role !== 'spectator'" type="button" @click="$emit('act', { do: 'nudge', character: one.id })">{{ t('people.nudge') }}</button>
            <template v-if="runs && one.kind !== 'character' && one.id !== room.you">
              <button type="button" @click="confirm('kick' + one.id, { do: 'remove', who: one.id })">{{ t(sure === 'kick' + one.id ? 'people.sure' : 'people.kick') }}</button>
              <button type="button" @click="confirm('ban' + one.id, { do: 'remove', who: one.id, ban: true })">{{ t(sure === 'ban' + one.id ? 'people.sure' : 'people.ban') }}</button>
            </template>
          </span>
        </li>
      </ul>
      <div class="row"><button type="button" data-invite @click="invite">{{ t('people.invite') }}</button><button type="button" data-save @click="save">{{ t('people.save') }}</button></div>
      <Invites v-if="runs" :prefix="prefix" :room-id="roomId" :made="invited" />
      <fieldset v-if="runs" class="run">
        <legend>{{ t('run.title') }}</legend>
        <div v-if="stages.length" class="story">
          <label>{{ t('run.story') }}
            <select data-stages :value="room.shared.scene.stage" @change="$emit('act', { do: 'advance', stage: $event.target.value })"><option v-for="stage in stages" :key="stage.id" :value="stage.id">{{ stage.title }}</option></select>
          </label>
          <button v-if="nextStage" type="button" data-next-stage @click="$emit('act', { do: 'advance', stage: nextStage.id })">{{ t('run.story_next', { stage: nextStage.title }) }}</button>
        </div>
        <label>{{ t('run.responders') }}
          <select :value="run.responders" @change="$emit('act', { do: 'configure', responders: $event.target.value })"><option v-for="mode in ['natural', 'round_robin', 'manual', 'nobody']" :key="mode" :value="mode">{{ t('run.mode.' + mode) }}</option></select>
        </label>
        <label class="check"><input type="checkbox" :checked="run.autoplay" @change="$emit('act', { do: 'configure', autoplay: $event.target.checked })"> {{ t('run.autoplay') }}</label>
        <label class="check"><input type="checkbox" :checked="run.open" @change="$emit('act', { do: 'configure', open: $event.target.checked })"> {{ t('run.open') }}</label>
        <button type="button" class="danger" @click="confirm('reset', { do: 'reset' })">{{ t(sure === 'reset' ? 'run.reset_sure' : 'run.reset') }}</button>
      </fieldset>
    </section>`,
};
