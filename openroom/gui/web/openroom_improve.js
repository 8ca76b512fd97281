export { ImprovePage as default } from "openroom-gui";
