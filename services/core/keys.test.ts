import fc from "fast-check";
import { newActivationId } from "./ids";
import { equalHashes, hashSecret, isActivationKey, mintActivationKey, parseBasicAuth } from "./keys";

const NOW = 1_800_000_000_000;
const SECRET = "platform secret";
const ID = newActivationId();
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const pairOf = (key: string) => ({ uuid: key.slice(0, key.indexOf(":")), secret: key.slice(key.indexOf(":") + 1) });

describe("a basic authorization", () => {
  test("tells user and secret; the secret may hold colons", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !text.includes(":")), fc.string({ unit: "grapheme" }), (uuid, secret) => {
        expect(parseBasicAuth(basic(`${uuid}:${secret}`))).toEqual({ uuid, secret });
      }),
    );
  });

  test.each([undefined, "", "Basic", "Basic ", "Basic !!!", "Bearer abc", basic("no colon"), basic(":secret"), basic("")])("%j is none", (header) => {
    expect(parseBasicAuth(header)).toBeUndefined();
  });

  test("is undefined or a pair, whatever the header is", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => expect(["undefined", "object"]).toContain(typeof parseBasicAuth(`Basic ${text}`))));
  });
});

describe("hashes of secrets", () => {
  test("are equal for the same secret only", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(equalHashes(hashSecret(a), hashSecret(b))).toBe(a === b)));
  });

  test("of other lengths are different, not an error", () => {
    expect(equalHashes("a", "ab")).toBe(false);
  });
});

describe("the key of an activation", () => {
  test("is good until it expires, and not a millisecond longer", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 10_000_000 }), (uuid, lifetime) => {
        const pair = pairOf(mintActivationKey(SECRET, uuid, ID, NOW + lifetime));
        expect(pair.uuid).toBe(uuid);
        expect(isActivationKey(SECRET, pair, NOW)).toBe(true);
        expect(isActivationKey(SECRET, pair, NOW + lifetime - 1)).toBe(true);
        expect(isActivationKey(SECRET, pair, NOW + lifetime)).toBe(false);
      }),
    );
  });

  test("is good for its namespace and its platform only", () => {
    const pair = pairOf(mintActivationKey(SECRET, "uuid-a", ID, NOW + 1_000));
    expect(isActivationKey(SECRET, { ...pair, uuid: "uuid-b" }, NOW)).toBe(false);
    expect(isActivationKey("another secret", pair, NOW)).toBe(false);
  });

  test("with any character changed is not good any more", () => {
    const pair = pairOf(mintActivationKey(SECRET, "uuid-a", ID, NOW + 1_000));
    for (let at = 0; at < pair.secret.length; at++) {
      const other = pair.secret[at] === "1" ? "2" : "1";
      const secret = pair.secret.slice(0, at) + other + pair.secret.slice(at + 1);
      expect(isActivationKey(SECRET, { ...pair, secret }, NOW)).toBe(false);
    }
  });

  test("cannot be made of anything else", () => {
    fc.assert(fc.property(fc.string(), (secret) => expect(isActivationKey(SECRET, { uuid: "uuid-a", secret }, NOW)).toBe(false)));
  });
});
