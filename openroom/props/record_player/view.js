// The record player's view: what plays and where, and whether this browser lets it be heard.
import { t } from "openroom-gui/shared/i18n.js";

export { makeSound } from "./view_sound.js";

export default {
  name: "OrPlayer",
  props: { state: Object, sound: Object },
  data: () => ({ now: Date.now() }),
  computed: {
    record() {
      return this.state.records?.[this.state.record] ?? { title: this.state.record ?? "", seconds: 1 };
    },
    at() {
      const ms = (this.state.position_ms ?? 0) + (this.state.playing ? Math.max(0, this.now - this.state.started_at) : 0);
      return Math.min(this.record.seconds, Math.floor(ms / 1000));
    },
  },
  mounted() {
    this.ticker = setInterval(() => (this.now = Date.now()), 1000);
  },
  beforeUnmount() {
    clearInterval(this.ticker);
  },
  methods: {
    t,
    time: (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
  },
  template: `
    <div class="player" :data-playing="state.playing ? 'yes' : 'no'">
      <p class="now"><span class="disc" :class="{ turning: state.playing }" aria-hidden="true"></span><span><b>{{ record.title }}</b><small>{{ record.artist }}</small></span></p>
      <p class="progress"><progress :max="record.seconds" :value="at" :aria-label="t('sound.position')"></progress><small>{{ time(at) }} / {{ time(record.seconds) }}</small></p>
      <template v-if="sound && sound.began"><p v-if="sound.blocked" class="row"><button type="button" class="primary" @click="sound.unlock()">{{ t('sound.tap') }}</button></p>
      <label class="volume"><span>{{ t('sound.volume_here') }}</span><input type="range" min="0" max="100" :value="Math.round(sound.volume * 100)" @input="sound.setVolume($event.target.value / 100)"></label></template>
    </div>`,
};

export const style = `
.player .now { display: flex; gap: 12px; align-items: center; margin: 10px 0 !important; }
.disc { width: 34px; height: 34px; border-radius: 50%; background: repeating-radial-gradient(circle, #1d1620 0 2px, #3a2e3e 2px 4px); border: 8px solid #1d1620; box-shadow: inset 0 0 0 4px #c8553a; }
.volume { display: flex; gap: 10px; align-items: center; }
.player small { display: block; color: var(--ink-soft); }
.progress { display: flex; gap: 10px; align-items: center; }
.progress progress { flex: 1; height: 8px; accent-color: var(--accent); }
.disc { flex: none; }
.disc.turning { animation: turn 1.8s linear infinite; }
`;
