export { EmbeddedAcceptedLog, type EmbeddedAcceptedLogOptions, type Timers } from "./acceptedLog";
export type { AcceptedTable } from "./acceptedTable";
export { EmbeddedRunLane } from "./runLane";
