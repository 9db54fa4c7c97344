import type { Instance, LeaseStore } from "../ports/lanes";
import { Membership } from "./membership";

class MemoryLeases implements LeaseStore {
  readonly instances = new Map<string, Instance>();
  broken = false;

  async beat(instance: Instance): Promise<void> {
    if (this.broken) throw new Error("down");
    this.instances.set(instance.id, instance);
  }

  async list(): Promise<Instance[]> {
    if (this.broken) throw new Error("down");
    return [...this.instances.values()];
  }

  async remove(id: string): Promise<void> {
    this.instances.delete(id);
  }
}

const logger = { info: () => {}, warn: () => {}, error: () => {} };
let now: number;
let leases: MemoryLeases;
const member = (id: string, role: Instance["role"] = "invoker") => new Membership({ leases, self: { id, role }, logger, now: () => now });

beforeEach(() => {
  now = 0;
  leases = new MemoryLeases();
});

/** Time goes on; those who live renew every two seconds. */
async function pass(milliseconds: number, ...living: Membership[]): Promise<void> {
  for (const end = now + milliseconds; now < end; ) {
    now += 2_000;
    for (const one of living) await one.renew();
  }
}

test("who gives signs of life is alive, who has stopped giving them is dead after a lease", async () => {
  const [a, b] = [member("a"), member("b")];
  await a.renew();
  await b.renew();
  await pass(20_000, a, b);
  expect(await a.isAlive("b")).toBe(true);
  await pass(8_000, a);
  expect(await a.isAlive("b")).toBe(true);
  await pass(4_000, a);
  expect(await a.isAlive("b")).toBe(false);
  expect(await a.isAlive("a")).toBe(true);
});

test("one that has just come is alive at once, one that nobody has heard of is dead", async () => {
  const a = member("a");
  await a.renew();
  await member("b").renew();
  expect(await a.isAlive("b")).toBe(true);
  expect(await a.isAlive("nobody")).toBe(false);
});

test("one that has ended in order is dead at once", async () => {
  const [a, b] = [member("a"), member("b")];
  await a.renew();
  await b.renew();
  expect(await a.isAlive("b")).toBe(true);
  await b.stop();
  now += 500;
  expect(await a.isAlive("b")).toBe(false);
});

test("nobody dies because this process stood still, or could not read", async () => {
  const [a, b] = [member("a"), member("b")];
  await a.renew();
  await b.renew();
  leases.broken = true;
  now += 60_000;
  await expect(a.isAlive("b")).rejects.toThrow("down");
  leases.broken = false;
  expect(await a.isAlive("b")).toBe(true);
  await pass(12_000, a);
  expect(await a.isAlive("b")).toBe(false);
});

test("who comes back after its lease is alive again", async () => {
  const [a, b] = [member("a"), member("b")];
  await a.renew();
  await b.renew();
  await pass(20_000, a);
  expect(await a.isAlive("b")).toBe(false);
  await b.renew();
  await a.renew();
  expect(await a.isAlive("b")).toBe(true);
});

test("the living of a role are counted, this one among them", async () => {
  const [a, b, c] = [member("a", "controller"), member("b", "controller"), member("c")];
  for (const one of [a, b, c]) await one.renew();
  await a.renew();
  expect([a.count("controller"), a.count("invoker")]).toEqual([2, 1]);
  await pass(14_000, a);
  expect([a.count("controller"), a.count("invoker")]).toEqual([1, 0]);
});

test("signs of life of those that are long dead are removed", async () => {
  const [a, b] = [member("a"), member("b")];
  await a.renew();
  await b.renew();
  await pass(700_000, a);
  expect([...leases.instances.keys()]).toEqual(["a"]);
});
