// The record player's view: what plays, and whether this browser lets it be heard.
import { t } from "./i18n.js";

export const Player = {
  name: "OrPlayer",
  props: { state: Object, sound: Object },
  computed: {
    playing() {
      return Boolean(this.state.playing);
    },
    title() {
      const track = this.state.track ?? this.state.record ?? "";
      const known = t(`tune.${track}`);
      return known.startsWith("tune.") ? String(track).replaceAll("_", " ") : known;
    },
  },
  methods: { t },
  template: `
    <div class="player">
      <p class="now"><span class="disc" :class="{ turning: playing }" aria-hidden="true"></span>{{ playing ? t('sound.playing', { title }) : t('sound.silent') }}</p>
      <p v-if="sound" class="row"><button v-if="sound.blocked" type="button" class="primary" @click="sound.unlock()">{{ t('sound.tap') }}</button>
      <label class="volume"><span>{{ t('sound.volume') }}</span><input type="range" min="0" max="100" :value="Math.round(sound.volume * 100)" @input="sound.setVolume($event.target.value / 100)"></label></p>
    </div>`,
};
