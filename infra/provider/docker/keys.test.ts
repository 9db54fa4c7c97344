import { Lifecycle } from "../testing/operation";
import { PlatformKeysHandler } from "./keys";

const AUTH = `23bc46b1-71f6-4ed5-8c54-816aa4f8c502:${"k".repeat(64)}`;
const lifecycle = new Lifecycle(new PlatformKeysHandler(), "platform");

describe("the keys of a platform", () => {
  test("are random, each of its own, and none is asked for", async () => {
    const [one, other] = [(await lifecycle.create({})).outputs, (await lifecycle.create({})).outputs];
    expect(one).toEqual({
      namespace: "guest",
      auth: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[A-Za-z0-9]{64}$/),
      ...Object.fromEntries(["adminKey", "signingSecret", "rabbitmqPassword", "mongodbPassword"].map((name) => [name, expect.stringMatching(/^[A-Za-z0-9]{64}$/)])),
    });
    const values = [...Object.values(one), ...Object.values(other)].filter((value) => value !== "guest");
    expect(new Set(values).size).toBe(values.length);
  });

  test("stay what they are as long as nothing else is asked for", async () => {
    const state = await lifecycle.create({});
    expect(await lifecycle.changes(state, {})).toEqual({});
    expect((await lifecycle.update(state, {})).outputs).toEqual(state.outputs);
    expect(await lifecycle.read(state)).toEqual(state);
  });

  test("another namespace gets a key of its own, and everything else stays", async () => {
    const state = await lifecycle.create({});
    const { outputs } = await lifecycle.update(state, { namespace: "shop" });
    expect(outputs).toEqual({ ...state.outputs, namespace: "shop", auth: outputs.auth });
    expect(outputs.auth).not.toBe(state.outputs.auth);
  });

  test("that are given are taken; when they are given no more, others are made", async () => {
    const state = await lifecycle.create({ auth: AUTH, adminKey: "a".repeat(32) });
    expect(state.outputs).toMatchObject({ auth: AUTH, adminKey: "a".repeat(32) });
    const { outputs } = await lifecycle.update(state, {});
    expect([outputs.auth, outputs.adminKey]).not.toContain(AUTH);
    expect(outputs.adminKey).toMatch(/^[A-Za-z0-9]{64}$/);
  });

  test.each([
    ["auth", "secret-but-wrong", "auth: expected a key such as 23bc46b1-71f6-4ed5-8c54-816aa4f8c502:<32 to 256 characters without blanks>"],
    ["adminKey", "secret but wrong, though it is long enough", "adminKey: expected 32 to 256 characters without blanks"],
    ["namespace", "two words", 'namespace: expected a name of up to 128 letters, digits, "_", "@", "." or "-"'],
  ])("a wrong %s is refused without being repeated", async (property, value, message) => {
    const failures = await lifecycle.failures({ [property]: value });
    expect(failures).toEqual([message]);
    expect(failures.join()).not.toContain(value);
  });
});
