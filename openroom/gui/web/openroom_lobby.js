import "openroom-gui/shared/keys.js";
export { LobbyPage as default } from "openroom-gui/lobby/page.js";
