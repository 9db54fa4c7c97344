export { acceptedLogContract, type AcceptedLogSettings, type OpenedLog } from "./contract/acceptedLog";
export { type OpenedLane, runLaneContract } from "./contract/runLane";
