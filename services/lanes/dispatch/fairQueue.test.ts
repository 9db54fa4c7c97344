import fc from "fast-check";
import { FairQueue } from "./fairQueue";

const drain = <T>(queue: FairQueue<T>): T[] => {
  const all: T[] = [];
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) all.push(entry);
  return all;
};

test("namespaces take turns, each in its own order", () => {
  const queue = new FairQueue<string>();
  for (const entry of ["a1", "a2", "a3", "b1", "c1", "c2"]) queue.push(entry[0]!, entry);
  expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
});

test("an empty queue gives nothing, also after it was used", () => {
  const queue = new FairQueue<number>();
  expect(queue.shift()).toBeUndefined();
  queue.push("a", 1);
  expect(drain(queue)).toEqual([1]);
  expect(queue.shift()).toBeUndefined();
});

test("a long backlog keeps its order while it is taken off and added to", () => {
  const queue = new FairQueue<number>();
  const taken: number[] = [];
  for (let n = 0; n < 10_000; n++) {
    queue.push("a", n);
    if (n % 3 > 0) taken.push(queue.shift()!);
  }
  expect([...taken, ...drain(queue)]).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
});

test("nothing is lost or doubled, and nobody is served twice while another waits", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c", "d")), (namespaces) => {
      const queue = new FairQueue<{ namespace: string; n: number }>();
      namespaces.forEach((namespace, n) => queue.push(namespace, { namespace, n }));
      const order = drain(queue);
      for (const namespace of new Set(namespaces)) {
        const expected = namespaces.flatMap((other, n) => (other === namespace ? [n] : []));
        expect(order.filter((entry) => entry.namespace === namespace).map(({ n }) => n)).toEqual(expected);
      }
      order.forEach((entry, index) => {
        const again = order.findIndex((other, later) => later > index && other.namespace === entry.namespace);
        if (again < 0) return;
        const waiting = new Set(order.slice(index + 1).map(({ namespace }) => namespace));
        expect(new Set(order.slice(index + 1, again + 1).map(({ namespace }) => namespace))).toEqual(waiting);
      });
    }),
  );
});
