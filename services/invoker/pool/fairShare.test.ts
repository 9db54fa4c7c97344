import fc from "fast-check";
import { shareOut, waterLevel } from "./fairShare";
import { KeyQueue, Tenant } from "./queues";

describe("the water level", () => {
  it("gives who wants less what he wants, and the rest to the others in equal parts", () => {
    expect(waterLevel([10, 60], 48)).toBe(38);
    expect(waterLevel([32, 32], 48)).toBe(24);
    expect(waterLevel([1, 2, 3], 48)).toBe(Infinity);
    expect(waterLevel([], 48)).toBe(Infinity);
  });

  it("gives out all there is when it is not enough, and never more than wanted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.integer({ min: 1, max: 5000 }), (demands, capacity) => {
        const level = waterLevel(demands, capacity);
        const given = demands.map((demand) => Math.min(demand, level)).reduce((a, b) => a + b, 0);
        const wanted = demands.reduce((a, b) => a + b, 0);
        expect(given).toBeCloseTo(Math.min(wanted, capacity), 6);
      }),
    );
  });
});

it("shares are fair between tenants first, then between the actions of each", () => {
  const queueOf = (tenant: Tenant, name: string, containers: number) => {
    const queue = new KeyQueue(name, tenant, 100);
    queue.containers = containers;
    tenant.keys.add(queue);
    return queue;
  };
  const [many, one] = [new Tenant("many"), new Tenant("one")];
  const keys = Array.from({ length: 10 }, (_, i) => queueOf(many, `m${i}`, 4));
  const single = queueOf(one, "o", 40);
  shareOut([many, one], 4000, 0);
  expect([many.share, one.share, single.share]).toEqual([2000, 2000, 2000]);
  expect(keys.map(({ share }) => share)).toEqual(Array(10).fill(200));
});
