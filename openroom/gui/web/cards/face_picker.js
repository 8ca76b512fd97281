// Which square of a picture is the face: dragged, or moved with the arrow keys; + and - change its size.
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";

/** The smallest square that a face's file may name. */
const LEAST = 0.05;
const STEP = 0.01;
const FAST = 0.05;
/** Where the square that is shown is as large as the picture, the choice begins with so much of it. */
const BEGUN = 0.7;

/** A square from edge to edge on all sides can only be made smaller. */
function fills({ size }, ratio) {
  return 1 - size < STEP && 1 - size / ratio < STEP;
}

/** So that it can be dragged: where faces are, above the middle. */
function smaller({ size }, ratio) {
  const less = size * BEGUN;
  return { size: less, x: (1 - less) / 2, y: (1 - less / ratio) / 4 };
}

export const FacePicker = {
  name: "OrFacePicker",
  props: { prefix: String, who: String, art: Object },
  emits: ["done", "cancel"],
  data() {
    const face = this.kept(this.art.face);
    return { face: fills(face, this.art.ratio) ? this.kept(smaller(face, this.art.ratio)) : face, dragging: null, busy: false, problem: "" };
  },
  computed: {
    src() {
      return this.art.urls[""] ?? Object.values(this.art.urls)[0];
    },
    square() {
      const { x, y, size } = this.face;
      return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${size * 100}%`, height: `${(size / this.art.ratio) * 100}%` };
    },
    /** Where the picture lies behind a small round window. */
    shown() {
      const { x, y, size } = this.face;
      return { width: `${100 / size}%`, left: `${(-x / size) * 100}%`, top: `${((-y * this.art.ratio) / size) * 100}%` };
    },
    told() {
      const part = (share) => Math.round(share * 100);
      return t("face.at", { x: part(this.face.x), y: part(this.face.y), size: part(this.face.size) });
    },
    full() {
      return fills(this.face, this.art.ratio);
    },
    most() {
      return Math.min(1, this.art.ratio);
    },
  },
  mounted() {
    this.$refs.square.focus();
  },
  methods: {
    t,
    /** The nearest square that is inside the picture. */
    kept({ x, y, size }) {
      const { ratio } = this.art;
      const fit = Math.max(LEAST, Math.min(size, 1, ratio));
      return { size: fit, x: Math.max(0, Math.min(1 - fit, x)), y: Math.max(0, Math.min(1 - fit / ratio, y)) };
    },
    resize(size) {
      const { x, y, size: old } = this.face;
      const by = (this.kept({ x: 0, y: 0, size }).size - old) / 2;
      this.face = this.kept({ x: x - by, y: y - by / this.art.ratio, size });
    },
    key(event) {
      const by = event.shiftKey ? FAST : STEP;
      const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
      if (move) this.face = this.kept({ ...this.face, x: this.face.x + move[0], y: this.face.y + move[1] / this.art.ratio });
      else if (["+", "=", "-"].includes(event.key)) this.resize(this.face.size + (event.key === "-" ? -2 : 2) * STEP);
      else return;
      event.preventDefault();
    },
    grab(event, what) {
      event.target.setPointerCapture(event.pointerId);
      this.dragging = { what, from: { ...this.face }, x: event.clientX, y: event.clientY };
    },
    drag(event) {
      if (!this.dragging) return;
      const box = this.$refs.picture.getBoundingClientRect();
      const { what, from } = this.dragging;
      const [dx, dy] = [(event.clientX - this.dragging.x) / box.width, (event.clientY - this.dragging.y) / box.height];
      if (what === "move") this.face = this.kept({ ...from, x: from.x + dx, y: from.y + dy });
      else {
        const size = Math.max(LEAST, Math.min(from.size + Math.max(dx, dy * this.art.ratio), 1 - from.x, (1 - from.y) * this.art.ratio));
        this.face = this.kept({ ...from, size });
      }
    },
    async save() {
      this.busy = true;
      this.problem = "";
      try {
        await api(`${this.prefix}/api/cards/${encodeURIComponent(this.who)}/face`, { method: "PUT", body: this.face });
        this.$emit("done");
      } catch (error) {
        if (!error.words) throw error;
        this.problem = error.words;
      }
      this.busy = false;
    },
  },
  template: `
    <div class="face-picker" data-face-picker>
      <p id="face-help" class="hint">{{ t(full ? 'face.full' : 'face.help') }} <span class="for-keys">{{ t('face.help_keys') }}</span></p>
      <div class="face-work">
        <div ref="picture" class="face-picture"><img :src="src" alt="" draggable="false">
          <div ref="square" class="face-square" tabindex="0" role="group" :aria-label="t('face.square')" aria-describedby="face-help face-told" :style="square" data-square @keydown="key" @pointerdown="grab($event, 'move')" @pointermove="drag" @pointerup="dragging = null" @pointercancel="dragging = null">
            <i class="face-grip" aria-hidden="true" @pointerdown.stop="grab($event, 'size')" @pointermove.stop="drag" @pointerup.stop="dragging = null" @pointercancel.stop="dragging = null"></i></div>
        </div>
        <div class="face-side">
          <div class="face-round" aria-hidden="true"><img :src="src" alt="" :style="shown"></div><div class="face-round tiny" aria-hidden="true"><img :src="src" alt="" :style="shown"></div>
          <label>{{ t('face.size') }}<input type="range" :min="5" :max="Math.round(most * 100)" :value="Math.round(face.size * 100)" @input="resize($event.target.value / 100)"></label>
        </div>
      </div>
      <p id="face-told" class="sr-only" role="status">{{ told }}</p>
      <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
      <div class="row"><button type="button" class="primary" :disabled="busy" data-save-face @click="save">{{ t('face.save') }}</button><button type="button" class="quiet" @click="$emit('cancel')">{{ t('panel.cancel') }}</button></div>
    </div>`,
};
