import { identityOf } from "../../core/testing/fixtures";
import { World } from "../../core/testing/world";
import { keyOf } from "../../core/tenants/keys";
import { Authenticator } from "./auth";

const SECRET = "s".repeat(64);
const { uuid } = identityOf("team");

let world: World;
let authenticator: Authenticator;
let asked: string[];
beforeEach(async () => {
  world = World.inMemory();
  asked = [];
  await world.tenants.put({ name: "team", uuid, subject: "us", keys: [keyOf(SECRET, 0)], blocked: false, limits: {}, rev: 1 });
  const { byUuid } = world.store.namespaces;
  world.store.namespaces.byUuid = (key) => (asked.push(key), byUuid.call(world.store.namespaces, key));
  authenticator = new Authenticator(world.tenants, "platform secret", () => world.time);
});

const identify = (pair: string) => authenticator.identify(`Basic ${Buffer.from(pair).toString("base64")}`);

test("a key of a namespace tells whose it is", async () => {
  expect(await identify(`${uuid}:${SECRET}`)).toEqual({ namespace: "team", uuid, subject: "us" });
  expect(asked).toEqual([uuid]);
});

test.each(["team", "x".repeat(11_000), `${uuid}0`, ` ${uuid}`, `${uuid}\n`, uuid.replaceAll("-", ""), uuid.replace(/^./, "g")])("a user part that can be no namespace's is refused, and not looked for (%#)", async (user) => {
  await expect(identify(`${user}:${SECRET}`)).rejects.toMatchObject({ status: 401, message: "The supplied authentication is invalid" });
  expect(asked).toEqual([]);
});
