import { createHash } from "node:crypto";
import type { RunningRuntime, Sample, StartOptions } from "./runtime";

/** Runtimes that do not compile again what they have compiled for an earlier test, as on the platform. */
export function compiledOnce<R extends RunningRuntime, O extends StartOptions>(start: (options?: O) => Promise<R>): (options?: O) => Promise<R> {
  const artifacts = new Map<string, string>();
  return async (options) => {
    const runtime = await start(options);
    const init = async ({ env, ...sample }: Sample) => {
      const key = createHash("sha256").update(JSON.stringify(sample)).digest("hex");
      const known = artifacts.get(key);
      if (known) return runtime.init({ ...sample, code: known, binary: true, env });
      const answer = await runtime.post("/init", JSON.stringify({ value: { main: "main", ...sample, env, artifact: true } }));
      const { artifact, ...body } = answer.body as { artifact?: string };
      if (artifact) artifacts.set(key, artifact);
      return { ...answer, body };
    };
    return { ...runtime, init };
  };
}
