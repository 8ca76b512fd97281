// The pages of a diary, the notes of a notice board.
import { Pages } from "openroom-gui/room/pages.js";

export default Pages;
