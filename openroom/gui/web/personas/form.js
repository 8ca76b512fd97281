// One persona being made or changed: its name, its look, what characters may know of it.
import { anyLook, wholeLook } from "../art/look.js";
import { LookPicker } from "../room/look_picker.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";

export const MOST_ABOUT = 400;

export const PersonaForm = {
  name: "OrPersonaForm",
  components: { LookPicker },
  props: { prefix: String, persona: Object },
  emits: ["kept", "gone", "shut"],
  data({ persona }) {
    return { name: persona?.name ?? "", about: persona?.about ?? "", look: persona ? persona.look && wholeLook(persona.look) : anyLook(), isMe: Boolean(persona?.is_me), forget: false, deleting: false, tried: false, problem: "", MOST_ABOUT };
  },
  computed: {
    address() {
      return `${this.prefix}/api/people/me/personas${this.persona ? `/${this.persona.id}` : ""}`;
    },
  },
  mounted() {
    this.$refs.name.focus();
  },
  methods: {
    t,
    async keep() {
      this.tried = true;
      if (!this.name.trim()) return this.$refs.name.focus();
      const body = { name: this.name.trim(), about: this.about.trim(), look: this.look ?? undefined, is_me: this.isMe };
      return this.ask({ method: this.persona ? "PUT" : "POST", body }, "kept");
    },
    async remove() {
      await this.ask({ method: "DELETE" }, "gone", this.forget ? "?forget=true" : "");
    },
    async ask(how, done, query = "") {
      this.problem = "";
      try {
        this.$emit(done, await api(this.address + query, how));
      } catch (error) {
        this.problem = error.words;
      }
    },
  },
  template: `
    <form class="persona-form" @submit.prevent="keep" @keydown.esc.stop="$emit('shut')">
      <label>{{ t('persona.name') }}<input ref="name" v-model="name" name="persona_name" maxlength="40" autocomplete="off" :aria-invalid="tried && !name.trim() ? 'true' : 'false'"></label>
      <label>{{ t('persona.about') }}<textarea v-model="about" name="persona_about" rows="3" :maxlength="MOST_ABOUT" :placeholder="t('persona.about_hint')"></textarea></label>
      <LookPicker :who="persona?.id ?? 'persona'" :look="look" @chosen="look = $event" />
      <label class="check"><input v-model="isMe" type="checkbox" name="persona_is_me"><span>{{ t('persona.is_me') }}<small>{{ t('persona.is_me_hint') }}</small></span></label>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <div v-if="deleting" class="persona-sure" role="group" :aria-label="t('persona.delete')">
        <label class="check"><input v-model="forget" type="checkbox" name="persona_forget"><span>{{ t('persona.forget') }}</span></label>
        <div class="row"><button type="button" data-persona-gone @click="remove">{{ t('persona.delete') }}</button><button type="button" class="quiet" @click="deleting = false">{{ t('persona.keep') }}</button></div>
      </div>
      <div v-else class="row"><button type="submit" class="primary" data-persona-save>{{ t('persona.save') }}</button><button type="button" class="quiet" @click="$emit('shut')">{{ t('persona.cancel') }}</button><button v-if="persona" type="button" class="quiet" data-persona-delete @click="deleting = true">{{ t('persona.delete') }}</button></div>
    </form>`,
};
