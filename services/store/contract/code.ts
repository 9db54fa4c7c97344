import { randomBytes } from "node:crypto";
import { sha256 } from "../../core/ids";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { Subject } from "../contract";
import { together } from "./samples";

export function codeCases(subject: Subject): void {
  const putAndGet = async (code: string) => {
    const sha = sha256(code);
    await subject.store.code.put(sha, code);
    return subject.store.code.get(sha);
  };

  test("code that was never put is not there", async () => {
    expect(await subject.store.code.get(sha256("none"))).toBeUndefined();
  });

  test.each([
    ["empty", ""],
    ["short", "exports.main = () => ({})"],
    ["in other scripts, around the bounds of chunks", "aü😀".repeat(400_000)],
  ])("code that is %s comes back as it was", async (_, code) => {
    expect((await putAndGet(code)) === code).toBe(true);
  });

  test("code of the greatest size comes back as it was, also after the store is opened again", async () => {
    const code = randomBytes((SIZE_LIMITS.code / 4) * 3).toString("base64");
    expect(code).toHaveLength(SIZE_LIMITS.code);
    expect((await putAndGet(code)) === code).toBe(true);
    await subject.reopen();
    expect((await subject.store.code.get(sha256(code))) === code).toBe(true);
  }, 120_000);

  test("the same code can be put many times, also at the same time", async () => {
    const code = "x".repeat(3_000_000);
    const sha = sha256(code);
    await together(5, () => subject.store.code.put(sha, code));
    await subject.store.code.put(sha, code);
    expect((await subject.store.code.get(sha)) === code).toBe(true);
  });
}
