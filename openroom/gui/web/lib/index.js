export { ImprovePage } from "./improve_page.js";
export { LobbyPage } from "./lobby_page.js";
export { RoomPage } from "./room_page.js";
export { SettingsPage } from "./settings_page.js";
