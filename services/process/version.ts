import { version } from "../../infra/package.json";

/** The version of the platform is that of the package that stands it up. */
export { version };
