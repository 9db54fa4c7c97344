import type { Container } from "../core/ports/containers";
import type { Reply } from "./containerClient";
import { guardMemory } from "./memoryGuard";

const ANSWER: Reply = { kind: "answered", status: 200, body: "{}", bytes: 2, truncated: false };
const CLOSED: Reply = { kind: "closed" };

/** A container of which only its memory is of interest. */
function container(exhausted?: () => boolean) {
  let end!: (reason: string) => void;
  const gone = new Promise<string>((resolve) => (end = resolve));
  const made = { gone, exhausted, destroy: async () => end("was destroyed") } as unknown as Container;
  return { made, end, gone };
}

test("a container whose memory somebody else watches is left alone", async () => {
  const { made } = container();
  expect(await guardMemory(made, Promise.resolve(CLOSED))).toEqual(CLOSED);
});

test("what is answered at once is not worth a look", async () => {
  const look = jest.fn(() => true);
  expect(await guardMemory(container(look).made, Promise.resolve(ANSWER))).toEqual(ANSWER);
  expect(look).not.toHaveBeenCalled();
});

test.each([
  [true, { kind: "exhausted" }],
  [false, CLOSED],
])("why a connection broke is told when the container is gone: out of memory %j", async (out, reply) => {
  let full = false;
  const { made, end } = container(() => full);
  const guarded = guardMemory(made, Promise.resolve(CLOSED));
  full = out;
  end("was ended by SIGABRT");
  expect(await guarded).toEqual(reply);
});

test("what a full container has never seen is left for another one", async () => {
  const unsent: Reply = { kind: "unsent", reason: "the socket is gone" };
  const { made } = container(() => true);
  const late = new Promise<Reply>((resolve) => setTimeout(() => resolve(unsent), 20));
  expect(await guardMemory(made, late)).toEqual(unsent);
});

test("a container that takes too much while it works is ended", async () => {
  const { made, gone } = container(() => true);
  expect(await guardMemory(made, gone.then(() => CLOSED))).toEqual({ kind: "exhausted" });
  expect(await gone).toBe("was destroyed");
});

test("one that has taken too much by the end of its work has failed, too", async () => {
  let full = false;
  const { made } = container(() => full);
  const answer = new Promise<Reply>((resolve) => setTimeout(() => {
    full = true;
    resolve(ANSWER);
  }, 20));
  expect(await guardMemory(made, answer)).toEqual({ kind: "exhausted" });
});

describe("a container that answers several requests at a time", () => {
  const answer = (kind: "good" | "late") => new Promise<Reply>((resolve) => setTimeout(() => resolve(ANSWER), kind === "good" ? 20 : 300));

  test("is looked at once for all of them", async () => {
    const look = jest.fn(() => false);
    const { made } = container(look);
    await Promise.all(Array.from({ length: 50 }, () => guardMemory(made, answer("late"), { shared: true })));
    // At the end of each, and twice meanwhile.
    expect(look.mock.calls.length).toBeLessThan(60);
  });

  test("keeps what it has answered when another has filled its memory, and is of no use any more", async () => {
    const { made } = container(() => true);
    expect(await guardMemory(made, answer("good"), { shared: true })).toEqual({ ...ANSWER, overfilled: true });
  });

  test("is known to end before it is gone", async () => {
    const { made, gone } = container(() => true);
    const onEnd = jest.fn();
    await guardMemory(made, gone.then(() => CLOSED), { shared: true, onEnd });
    expect(onEnd).toHaveBeenCalled();
  });
});
