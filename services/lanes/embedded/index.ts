export { EmbeddedAcceptedLog, type EmbeddedAcceptedLogOptions } from "./acceptedLog";
export type { AcceptedTable } from "./acceptedTable";
export { EmbeddedRunLane } from "./runLane";
