export { LobbyPage as default } from "openroom-gui/lobby/page.js";
