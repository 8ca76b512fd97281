// The choice of a look at the door: what one will look like, another at a press, or part by part.
import { Avatar } from "../art/avatar.js";
import { anyLook, BEARDS, CLOTHES, COLOURS, GLASSES, HAIR_COLOURS, HAIRS, HATS, personArt, SKINS, usualLook } from "../art/look.js";
import { t } from "../shared/i18n.js";

const SWATCHES = [["skin", SKINS], ["hair_colour", HAIR_COLOURS], ["colour", COLOURS]];
const PARTS = [["hair", HAIRS], ["clothes", CLOTHES], ["glasses", GLASSES], ["beard", BEARDS], ["hat", HATS]];

export const LookPicker = {
  name: "OrLookPicker",
  components: { Avatar },
  props: { who: String, look: Object },
  emits: ["chosen"],
  data: () => ({ open: false, swatches: SWATCHES, parts: PARTS }),
  computed: {
    now() {
      return this.look ?? usualLook(this.who);
    },
    art() {
      return personArt(this.who, this.now);
    },
  },
  methods: {
    t,
    surprise() {
      this.$emit("chosen", anyLook());
    },
    choose(part, value) {
      const { [part]: _before, ...rest } = this.now;
      this.$emit("chosen", value ? { ...rest, [part]: value } : rest);
    },
    step(part, values, by) {
      this.choose(part, values[(this.at(part, values) + by + values.length) % values.length]);
    },
    at(part, values) {
      return Math.max(0, values.indexOf(this.now[part] ?? ""));
    },
    /** Which of them it is; what may be left out counts from none. */
    place(part, values) {
      const at = this.at(part, values);
      if (values[0]) return `${at + 1} / ${values.length}`;
      return at ? `${at} / ${values.length - 1}` : "–";
    },
  },
  template: `
    <div class="look" role="group" :aria-label="t('looks.title')">
      <div class="look-now"><span class="look-face" data-look-face><Avatar :art="art" emotion="happy" crop still /></span>
        <div class="look-say"><p>{{ t('looks.title') }}</p>
          <div class="row"><button type="button" class="small" data-look-other @click="surprise">{{ t('looks.another') }}</button><button type="button" class="small" data-look-change :aria-expanded="open ? 'true' : 'false'" @click="open = !open">{{ t('looks.change') }}</button></div></div>
      </div>
      <div v-if="open" class="look-parts">
        <div v-for="[part, colours] in swatches" :key="part" class="look-swatches" role="group" :aria-label="t('looks.' + part)" :data-part="part"><span aria-hidden="true">{{ t('looks.' + part) }}</span>
          <span><button v-for="(colour, n) in colours" :key="colour" type="button" :style="{ background: colour }" :aria-pressed="now[part] === colour ? 'true' : 'false'" :aria-label="t('looks.' + part) + ' ' + (n + 1)" @click="choose(part, colour)"></button></span>
        </div>
        <div v-for="[part, values] in parts" :key="part" class="look-steps" role="group" :aria-label="t('looks.' + part)" :data-part="part"><span aria-hidden="true">{{ t('looks.' + part) }}</span>
          <span><button type="button" :aria-label="t('looks.before', { part: t('looks.' + part) })" @click="step(part, values, -1)">‹</button><output aria-live="polite">{{ place(part, values) }}</output><button type="button" :aria-label="t('looks.next', { part: t('looks.' + part) })" @click="step(part, values, 1)">›</button></span>
        </div>
      </div>
    </div>`,
};
