export { RoomPage as default } from "openroom-gui";
