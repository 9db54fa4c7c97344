import { hashSecret } from "../keys";
import type { NamespaceKey } from "../ports/store";
import { keyOf, opens, randomSecret, withKey } from "./keys";

const NOW = 1_000_000;
const [one, other] = ["one".repeat(20), "other".repeat(20)];
const namespace = (...keys: NamespaceKey[]) => ({ name: "team", keys });

test("a random secret has 64 letters and digits, and is another each time", () => {
  expect(randomSecret()).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(randomSecret()).not.toBe(randomSecret());
});

test("a key is known by its hash alone; the same secret is the same key", () => {
  expect(keyOf(one, NOW)).toEqual({ id: hashSecret(one).slice(0, 12), hash: hashSecret(one), created: NOW });
  expect(keyOf(one, 5, 9)).toEqual({ ...keyOf(one, 5), expires: 9 });
});

test("each of the keys opens until its time is over, and nothing else does", () => {
  const keys = [keyOf(one, 0), keyOf(other, 0, NOW + 1)];
  expect(opens(keys, hashSecret(one), NOW)).toBe(true);
  expect(opens(keys, hashSecret(other), NOW)).toBe(true);
  expect(opens(keys, hashSecret(other), NOW + 1)).toBe(false);
  expect(opens(keys, hashSecret("third"), NOW)).toBe(false);
});

test("without keys nothing opens, an empty secret neither", () => {
  for (const keys of [undefined, []]) expect(opens(keys, hashSecret(""), NOW)).toBe(false);
});

test("a key more leaves the others as they are, or ends them at a time", () => {
  const [first, second] = [keyOf(one, 1), keyOf(other, 2, NOW + 10)];
  const third = keyOf("third", NOW);
  expect(withKey(namespace(first, second), third, NOW)).toEqual([first, second, third]);
  expect(withKey(namespace(first, second), third, NOW, NOW + 50)).toEqual([{ ...first, expires: NOW + 50 }, second, third]);
  expect(withKey(namespace(first, second), third, NOW, NOW)).toEqual([third]);
});

test("keys whose time is over go", () => {
  expect(withKey(namespace(keyOf(one, 1, NOW)), keyOf(other, NOW), NOW)).toEqual([keyOf(other, NOW)]);
});

test("the same secret again changes only when it ends, and stays in its place", () => {
  const [first, second] = [keyOf(one, 1), keyOf(other, 2)];
  expect(withKey(namespace(first, second), keyOf(one, NOW, NOW + 5), NOW)).toEqual([{ ...first, expires: NOW + 5 }, second]);
});

test("a namespace has 20 keys at most", () => {
  const keys = Array.from({ length: 20 }, (_, index) => keyOf(`secret ${index}`, 1));
  expect(() => withKey(namespace(...keys), keyOf(one, NOW), NOW)).toThrow("The namespace 'team' has 20 keys already: remove one first.");
  expect(withKey(namespace(...keys), keyOf("secret 3", NOW, NOW + 1), NOW)).toHaveLength(20);
});
