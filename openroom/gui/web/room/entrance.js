// The door: a name, a look, take part or watch, and the plain truth about who is inside.
import { nextTick } from "vue";
import { wholeLook } from "../art/look.js";
import { keptPersona, PersonaChoice } from "../personas/choice.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { store } from "../shared/keep.js";
import { LookPicker } from "./look_picker.js";

const LOOK = "openroom.look";

/** The look one has chosen in this browser; null: none, and that of one's id is as good. */
export function keptLook() {
  try {
    return wholeLook(JSON.parse(store.get(LOOK, "null")));
  } catch {
    return null;
  }
}

export const Entrance = {
  name: "OrEntrance",
  components: { LookPicker, PersonaChoice },
  props: { card: Object, prefix: String, problem: String, known: String, waiting: String },
  emits: ["enter"],
  data() {
    return { name: this.known, tried: false, me: "", look: keptLook(), persona: keptPersona(), editing: false };
  },
  mounted() {
    nextTick(() => this.$refs.name?.focus());
    this.introduce();
  },
  methods: {
    t,
    /** Who has chosen no look is drawn by their id: until it is known nothing is shown. */
    async introduce() {
      const me = await api(`${this.prefix}/api/session`, { method: "POST" }).catch(() => null);
      this.me = me?.id ?? "";
    },
    choose(look) {
      this.look = look;
      store.set(LOOK, JSON.stringify(look));
    },
    enter(watch) {
      this.tried = true;
      const name = this.name.trim();
      const persona = watch ? "self" : this.persona;
      if (!name && !watch && persona === "self") return this.$refs.name.focus();
      return this.$emit("enter", { name: name || t("entrance.watcher"), watch, persona });
    },
  },
  template: `
    <div class="veil">
      <section class="panel entrance" role="dialog" aria-modal="true" aria-labelledby="entrance-title">
        <p class="eyebrow">{{ t('entrance.eyebrow') }}</p>
        <h1 id="entrance-title">{{ card.title || t('app.name') }}</h1>
        <p v-if="card.line" class="line-of">{{ card.line }}</p>
        <p class="honest">{{ card.characters?.length ? t('entrance.software', { names: card.characters.join(', '), n: card.characters.length }) : t('entrance.software_plain') }} {{ t('entrance.kept') }}</p>
        <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
        <p v-else-if="waiting" class="hint" role="status">{{ waiting }}</p>
        <PersonaChoice v-if="me" :prefix="prefix" door :chosen="persona" @chosen="persona = $event" @editing="editing = $event" />
        <form v-show="!editing" @submit.prevent="enter(false)">
          <template v-if="persona === 'self'">
          <label for="entrance-name">{{ t('entrance.name') }}</label>
          <input id="entrance-name" ref="name" v-model="name" maxlength="40" autocomplete="nickname" :aria-invalid="tried && !name.trim() ? 'true' : 'false'" :placeholder="t('entrance.name_hint')">
          <p v-if="tried && !name.trim()" class="problem" role="alert">{{ t('entrance.name_needed') }}</p>
          <LookPicker v-if="me" :who="me" :look="look" @chosen="choose" />
          </template>
          <div class="row"><button type="submit" class="primary big">{{ t('entrance.enter') }}</button><button type="button" class="quiet" @click="enter(true)">{{ t('entrance.watch') }}</button><a class="quiet" :href="prefix + '/'">{{ t('entrance.back') }}</a></div>
        </form>
      </section>
    </div>`,
};
