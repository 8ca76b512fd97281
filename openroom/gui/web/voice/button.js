// The control of voices: a loudspeaker that says what it does, and why it can't where it can't.
import { t } from "../shared/i18n.js";

export const VoiceButton = {
  name: "OrVoiceButton",
  props: { voice: Object },
  methods: {
    t,
    label({ state, missing }) {
      if (state === "missing") return t(`voice.${missing}`);
      if (state === "waiting") return t("voice.waiting");
      return t(state === "on" ? "voice.turn_off" : "voice.turn_on");
    },
  },
  template: `
    <button type="button" class="chip voice" :data-voice="voice.state" :class="{ heard: voice.speaker.who }" :aria-pressed="voice.on && !voice.missing ? 'true' : 'false'" :aria-label="label(voice)" :title="label(voice)" @click="voice.press()">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3,9 H7 L12,4.5 V19.5 L7,15 H3 Z"/><g v-if="voice.state === 'on' || voice.state === 'waiting'" class="waves" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M15.2,9 Q17.4,12 15.2,15"/><path d="M18.2,6.4 Q22.4,12 18.2,17.6"/></g><path v-else d="M15.5,9.2 L21,14.8 M21,9.2 L15.5,14.8" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>
      <span class="voice-text">{{ t(voice.state === 'waiting' ? 'sound.tap' : 'voice.name') }}</span>
    </button>`,
};
