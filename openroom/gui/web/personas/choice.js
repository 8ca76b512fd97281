// Whom one is: a choice among one's personas (at the door also oneself), each of which can be changed here, and a new one.
import { Avatar } from "../art/avatar.js";
import { personArt } from "../art/look.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { store } from "../shared/keep.js";
import { PersonaForm } from "./form.js";

const CHOSEN = "openroom.persona";

/** The persona that one chose last in this browser: an id, or "self". */
export function keptPersona() {
  return store.get(CHOSEN, "self");
}

/** One's personas; null where they cannot be asked for now. */
export async function personasOf(prefix) {
  return (await api(`${prefix}/api/people/me/personas`).catch(() => ({ personas: null }))).personas;
}

export const PersonaChoice = {
  name: "OrPersonaChoice",
  components: { Avatar, PersonaForm },
  /** `door`: one is chosen (`chosen`, an id or "self"); else they are only looked after. */
  props: { prefix: String, door: Boolean, chosen: String },
  emits: ["chosen", "editing"],
  data: () => ({ personas: [], edited: null }),
  watch: {
    edited(now) {
      this.$emit("editing", Boolean(now));
    },
  },
  async created() {
    const found = await personasOf(this.prefix);
    if (!found) return; // whom one chose last one is still
    this.personas = found;
    if (!this.personas.some((one) => one.id === this.chosen)) this.choose("self");
  },
  methods: {
    t,
    art: (one) => personArt(one.id, one.look),
    choose(id) {
      if (!this.door) return;
      store.set(CHOSEN, id);
      this.$emit("chosen", id);
    },
    press(one) {
      if (this.door) this.choose(one.id);
      else this.edited = one;
    },
    kept(one) {
      const known = this.personas.some((other) => other.id === one.id);
      this.personas = known ? this.personas.map((other) => (other.id === one.id ? one : other)) : [...this.personas, one];
      this.edited = null;
      this.choose(one.id);
    },
    gone() {
      this.personas = this.personas.filter((other) => other.id !== this.edited.id);
      this.edited = null;
      this.choose("self");
    },
  },
  template: `
    <div class="personas">
      <div v-if="!edited" class="persona-list" role="group" :aria-label="t('persona.choose')">
        <button v-if="door && (personas.length || chosen !== 'self')" type="button" class="persona" data-persona="self" :aria-pressed="chosen === 'self' ? 'true' : 'false'" @click="choose('self')"><span><b>{{ t('persona.self') }}</b></span></button>
        <span v-for="one in personas" :key="one.id" class="persona-pair">
          <button type="button" class="persona" :data-persona="one.id" :aria-pressed="door ? (chosen === one.id ? 'true' : 'false') : null" @click="press(one)"><span class="face" aria-hidden="true"><Avatar :art="art(one)" emotion="calm" crop still /></span><span><b>{{ one.name }}</b><small v-if="one.about">{{ one.about }}</small></span></button>
          <button v-if="door" type="button" class="quiet small" :data-persona-edit="one.id" :aria-label="t('persona.edit', { name: one.name })" :title="t('persona.edit', { name: one.name })" @click="edited = one">✎</button>
        </span>
        <button type="button" class="small persona-new" data-persona-new @click="edited = {}">{{ t(personas.length || !door ? 'persona.new' : 'persona.first') }}</button>
      </div>
      <PersonaForm v-else :key="edited.id" :prefix="prefix" :persona="edited.id ? edited : null" @kept="kept" @gone="gone" @shut="edited = null" />
    </div>`,
};
