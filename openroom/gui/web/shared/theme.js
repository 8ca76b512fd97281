// Light, dark, or as the system has it; kept in this browser.
import { t } from "./i18n.js";
import { store } from "./keep.js";

export function setTheme(theme) {
  store.set("openroom.theme", theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export function setMotion(less) {
  store.set("openroom.motion", less ? "less" : "");
  if (less) document.documentElement.dataset.motion = "less";
  else delete document.documentElement.dataset.motion;
}

export const ThemeButton = {
  name: "OrThemeButton",
  data: () => ({ theme: store.get("openroom.theme", "") }),
  computed: {
    dark() {
      return this.theme ? this.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    },
  },
  methods: {
    t,
    turn() {
      this.theme = this.dark ? "light" : "dark";
      setTheme(this.theme);
    },
  },
  template: `<button type="button" class="round" :aria-label="t(dark ? 'theme.light' : 'theme.dark')" :title="t(dark ? 'theme.light' : 'theme.dark')" @click="turn">{{ dark ? '☀' : '☾' }}</button>`,
};
