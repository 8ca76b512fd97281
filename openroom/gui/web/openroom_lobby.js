export { LobbyPage as default } from "openroom-gui";
