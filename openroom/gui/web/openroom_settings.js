export { SettingsPage as default } from "openroom-gui/settings/page.js";
