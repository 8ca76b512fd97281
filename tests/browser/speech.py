"""A synthesiser of speech that records what it is asked to say, for pages that have none."""

from __future__ import annotations

import json
from typing import Any

VOICES = [
    {"name": "Service", "lang": "en-GB", "localService": False, "default": True},
    {"name": "Serenade", "lang": "en-GB", "localService": True},
    {"name": "Serena (Enhanced)", "lang": "en-GB", "localService": True},
    {"name": "Anna", "lang": "de-DE", "localService": True},
    {"name": "Kyoko", "lang": "ja_JP", "localService": True},
    {"name": "Far", "lang": "es-ES", "localService": False},
]

SYNTHESISER = """(voices) => {
  const heard = { said: [], overlaps: 0, cancels: 0 };
  let now = null;
  const synth = new EventTarget();
  Object.assign(synth, {
    paused: false, pending: false, voices,
    getVoices: () => synth.voices,
    resume() {},
    speak(one) {
      if (one.volume === 0) return;
      if (now) heard.overlaps += 1;
      const { text, lang, pitch, rate, voice } = one;
      const streaming = document.querySelectorAll("li[data-turn]").length > 0;
      heard.said.push({ text, lang, pitch, rate, voice: voice?.name, streaming });
      now = one;
      queueMicrotask(() => now === one && one.onstart?.({}));
    },
    cancel() {
      const one = now;
      now = null;
      heard.cancels += 1;
      queueMicrotask(() => one?.onerror?.({ error: "canceled" }));
    },
  });
  Object.defineProperty(synth, "speaking", { get: () => now !== null });
  heard.finish = (error = "") => { const one = now; now = null; error ? one?.onerror?.({ error }) : one?.onend?.({}); };
  window.heard = heard;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; this.volume = 1; } };
  Object.defineProperty(window, "speechSynthesis", { value: synth, configurable: true });
}"""


def js(value: Any) -> str:
    return json.dumps(value)
