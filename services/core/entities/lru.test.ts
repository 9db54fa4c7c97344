import { LruMap } from "./lru";

test("the entry that was not used for longest goes when there is no more room", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  expect(map.get("a")).toBe(1);
  map.set("c", 3);
  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
});

test("setting again replaces and counts as use", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 10);
  map.set("c", 3);
  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([10, undefined, 3]);
});

test("what was deleted is gone", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.delete("a");
  expect(map.get("a")).toBeUndefined();
});
