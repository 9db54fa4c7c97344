import { aRule, aTrigger } from "../testing/fixtures";
import { MemoryStore, seed } from "../testing/memoryStore";
import { isTied, tiedRules } from "./ties";

test("a trigger fires the rules that were made for it, not those of its predecessor of the same name", async () => {
  const store = new MemoryStore();
  const trigger = aTrigger("bell", { created: 2 });
  const own = aRule("own", "bell", "run", { triggerCreated: 2, status: "inactive" });
  await seed(store, trigger, own, aRule("former", "bell", "run", { triggerCreated: 1 }), aRule("older", "bell", "run"), aRule("elsewhere", "whistle", "run", { triggerCreated: 2 }));
  expect((await tiedRules(store.entities, trigger)).map(({ entity }) => entity)).toEqual([own]);
});

test("what was stored before triggers noted when they were created is tied by name", () => {
  expect(isTied(aRule("r", "bell", "run"), aTrigger("bell"))).toBe(true);
  expect(isTied(aRule("r", "bell", "run"), aTrigger("whistle"))).toBe(false);
});
