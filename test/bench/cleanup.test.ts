import { disposedOf } from "./cleanup";

test("what is disposed of stays usable, and is disposed of once, whoever asks", async () => {
  const disposed: string[] = [];
  const made = disposedOf({ name: "broker", dispose: async () => void disposed.push("broker") });
  expect(made.name).toBe("broker");
  await Promise.all([made.dispose(), made.dispose()]);
  await made.dispose();
  expect(disposed).toEqual(["broker"]);
});
