import "openroom-gui/shared/keys.js";
export { SettingsPage as default } from "openroom-gui/settings/page.js";
