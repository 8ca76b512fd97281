export { RoomPage as default } from "openroom-gui/room/page.js";
