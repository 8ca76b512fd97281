export { ImprovePage } from "./improve/page.js";
export { LobbyPage } from "./lobby/page.js";
export { RoomPage } from "./room/page.js";
export { SettingsPage } from "./settings/page.js";
