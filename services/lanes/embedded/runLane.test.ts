import { runLaneContract } from "../contract";
import { EmbeddedRunLane } from "./runLane";

runLaneContract("The embedded lane", async (runner) => {
  const lane = new EmbeddedRunLane(runner);
  return { lane, cleanup: () => lane.close() };
});
