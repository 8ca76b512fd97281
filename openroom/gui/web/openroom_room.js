import "openroom-gui/shared/keys.js";
export { RoomPage as default } from "openroom-gui/room/page.js";
