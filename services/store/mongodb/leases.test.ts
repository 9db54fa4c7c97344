import { describeWithMongo } from "../../../test/support/mongodb";
import type { Instance } from "../../core/ports/lanes";
import { openedStore } from "./testing/opened";

describeWithMongo("leases", () => {
  let opened: Awaited<ReturnType<typeof openedStore>>;
  beforeEach(async () => (opened = await openedStore()));
  afterEach(() => opened.cleanup());

  const list = async () => (await opened.store.leases.list()).sort((a, b) => a.id.localeCompare(b.id));

  test("each instance is there with its last sign of life, until it is removed", async () => {
    const { leases } = opened.store;
    const controller: Instance = { id: "c-1", role: "controller", beat: 1, admin: "http://127.0.0.1:9000" };
    const invoker: Instance = { id: "i-1", role: "invoker", beat: 7 };
    expect(await list()).toEqual([]);
    await leases.beat(controller);
    await leases.beat(invoker);
    await leases.beat({ ...controller, beat: 2 });
    expect(await list()).toStrictEqual([{ ...controller, beat: 2 }, invoker]);
    await leases.remove("c-1");
    await leases.remove("c-1");
    expect(await list()).toStrictEqual([invoker]);
  });

  test("instances that begin at the same time are all there", async () => {
    const instances = Array.from({ length: 20 }, (_, n): Instance => ({ id: `i-${String(n).padStart(2, "0")}`, role: "invoker", beat: 1 }));
    await Promise.all([...instances, ...instances].map((instance) => opened.store.leases.beat(instance)));
    expect(await list()).toStrictEqual(instances);
  });
});
