// A door, for where nothing else is to be seen: shut and dark, or with light behind its window.
export const DoorPicture = {
  name: "OrDoorPicture",
  props: { lit: Boolean },
  template: `
    <svg class="door" :class="{ lit }" viewBox="0 0 120 132" aria-hidden="true">
      <ellipse class="door-floor" cx="60" cy="124" rx="54" ry="7"/>
      <path class="door-frame" d="M22 122V52a38 38 0 0 1 76 0v70z"/>
      <path class="door-leaf" d="M30 122V54a30 30 0 0 1 60 0v68z"/>
      <path class="door-glass" d="M42 74V54a18 18 0 0 1 36 0v20z"/>
      <path class="door-bars" d="M60 36v38M42 56h36"/>
      <path class="door-panel" d="M42 84h36v28H42z"/>
      <circle class="door-knob" cx="82" cy="92" r="3.4"/>
    </svg>`,
};
