export { SettingsPage as default } from "openroom-gui";
