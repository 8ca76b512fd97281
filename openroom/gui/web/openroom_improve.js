export { ImprovePage as default } from "openroom-gui/improve/page.js";
