import { randomBytes } from "node:crypto";
import { Binary } from "mongodb";
import { pack, sizeOf, unpack } from "./body";

test("what is small is the text itself, at once", () => {
  expect(pack('{"a":1}')).toBe('{"a":1}');
});

test("what is large is compressed, and comes back as it was", async () => {
  const value = { logs: Array.from({ length: 5_000 }, (_, n) => `line ${n}: ü 😀 \ud800 ${"x".repeat(100)}`) };
  const json = JSON.stringify(value);
  const body = await pack(json);
  expect(body).toBeInstanceOf(Binary);
  expect(sizeOf(body)).toBeLessThan(json.length / 5);
  expect(await unpack(body)).toStrictEqual(value);
});

test("what does not fit into a document even compressed is refused with the limit", async () => {
  const json = JSON.stringify(randomBytes(21 * 1024 * 1024).toString("base64"));
  await expect(pack(json)).rejects.toMatchObject({ status: 413, message: expect.stringContaining("15728640 at most") });
});
