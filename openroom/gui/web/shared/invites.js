// Invitations that were handed out, and taking one back: alone, or with those who came by it.
import { api } from "./api.js";
import { ago, t } from "./i18n.js";

/** A button that asks once more; `take` comes with whether the guests go too. A token of no room has no guests. */
export const TakeBack = {
  name: "OrTakeBack",
  props: { asks: Boolean, busy: Boolean },
  emits: ["take"],
  data: () => ({ sure: false, guests: false }),
  methods: {
    t,
    press() {
      if (this.asks && !this.sure) this.sure = true;
      else this.take();
    },
    take() {
      this.$emit("take", this.guests);
      Object.assign(this, { sure: false, guests: false });
    },
  },
  template: `
    <span class="take-back" @keydown.esc.stop="sure = false">
      <template v-if="sure"><span>{{ t('invite.question') }}</span>
        <label class="check"><input v-model="guests" type="checkbox" name="guests"> {{ t('invite.guests') }}</label></template>
      <span class="acts"><button type="button" :class="{ danger: sure }" :disabled="busy" @click="press">{{ t('settings.revoke') }}</button><button v-if="sure" type="button" @click="sure = false">{{ t('erase.no') }}</button></span>
    </span>`,
};

/** The invitations into one room, for who runs it. `made` counts those made meanwhile. */
export const Invites = {
  name: "OrInvites",
  components: { TakeBack },
  props: { prefix: String, roomId: String, made: Number },
  data: () => ({ invites: [], problem: "" }),
  computed: {
    path() {
      return `${this.prefix}/api/rooms/${encodeURIComponent(this.roomId)}/invites`;
    },
  },
  watch: {
    made: "load",
  },
  created() {
    this.load();
  },
  methods: {
    t, ago,
    load() {
      return this.attempt(async () => undefined);
    },
    takeBack(invite, guests) {
      return this.attempt(() => api(`${this.path}/${encodeURIComponent(invite.id)}?guests=${guests}`, { method: "DELETE" }));
    },
    async attempt(work) {
      this.problem = "";
      try {
        await work();
        this.invites = (await api(this.path)).invites;
      } catch (error) {
        if (!error.words) throw error;
        this.problem = error.words;
      }
    },
  },
  template: `
    <div class="invites" data-invites>
      <template v-if="invites.length"><h3>{{ t('settings.invites') }}</h3>
        <ul class="people"><li v-for="invite in invites" :key="invite.id" :data-invite-id="invite.id"><span class="about"><span>{{ t('invite.made', { when: ago(invite.created) }) }}</span><small>{{ t('invite.came', { n: invite.used }) }}</small></span><TakeBack asks @take="takeBack(invite, $event)" /></li></ul></template>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
    </div>`,
};
