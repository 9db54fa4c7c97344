import { EventEmitter } from "node:events";
import { TopologyType } from "mongodb";
import { Reach } from "./reach";

const PATIENCE = 3_000;
const away = { newDescription: { type: TopologyType.Single, servers: new Map([["a:1", { type: "Unknown" }]]) } };
const there = { newDescription: { type: TopologyType.Single, servers: new Map([["a:1", { type: "Standalone" }]]) } };
const leaderless = { newDescription: { type: TopologyType.ReplicaSetNoPrimary, servers: new Map([["a:1", { type: "RSSecondary", isWritable: false }]]) } };
const UNANSWERED = { name: "WhiskError", status: 503, message: "The database does not answer; try again later." };

describe("whoever waits for the database", () => {
  let client: EventEmitter;
  let reach: Reach;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    client = new EventEmitter();
    reach = new Reach(client as never, PATIENCE);
  });
  afterEach(() => jest.useRealTimers());

  const changes = (event: object) => client.emit("topologyDescriptionChanged", event);
  const never = () => new Promise<string>(() => {});
  /** After all that was under way has come to its end. */
  const outcomeOf = (call: Promise<string>) => Promise.race([call.catch((error: unknown) => error), new Promise((resolve) => setImmediate(resolve, "waits"))]);

  test.each([
    ["is cut off", away],
    ["has nobody who writes", leaderless],
  ])("is let go when it %s for some time, whatever the driver still tries", async (_what, event) => {
    changes(there);
    const call = reach.ask(never);
    changes(event);
    jest.advanceTimersByTime(PATIENCE - 1);
    expect(await outcomeOf(call)).toBe("waits");
    jest.advanceTimersByTime(1);
    await expect(call).rejects.toMatchObject(UNANSWERED);
  });

  test("goes on waiting when it comes back in time, and is let go when it goes away for longer later", async () => {
    const call = reach.ask(never);
    changes(away);
    jest.advanceTimersByTime(PATIENCE - 1);
    changes(there);
    jest.advanceTimersByTime(PATIENCE);
    expect(await outcomeOf(call)).toBe("waits");
    changes(away);
    jest.advanceTimersByTime(PATIENCE);
    await expect(call).rejects.toMatchObject(UNANSWERED);
  });

  test("gets its answer, or what the driver throws", async () => {
    expect(await reach.ask(async () => "answer")).toBe("answer");
    await expect(reach.ask(async () => Promise.reject(new Error("a defect")))).rejects.toThrow("a defect");
  });
});
