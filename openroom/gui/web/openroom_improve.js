import "openroom-gui/shared/keys.js";
export { ImprovePage as default } from "openroom-gui/improve/page.js";
