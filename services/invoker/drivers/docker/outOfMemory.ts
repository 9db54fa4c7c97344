import type { Engine } from "./engine";

/** Until an engine that was away is asked again. Milliseconds. */
const PAUSE = 1_000;

/**
 * Hears of processes that the kernel ends for lack of memory in containers that go on: a runtime whose launcher was ended
 * so still answers, and only the engine knows why. One connection for all containers.
 *
 * @param label of the containers, `name=value`
 * @returns what ends it
 */
export function hearOutOfMemory(engine: Engine, label: string, heard: (id: string) => void): () => void {
  const ending = new AbortController();
  const filters = JSON.stringify({ type: ["container"], event: ["oom"], label: [label] });
  const listen = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        let rest = "";
        for await (const chunk of await engine.stream("GET", "/events", { query: { filters }, signal: ending.signal })) {
          const lines = (rest + String(chunk)).split("\n");
          rest = lines.pop()!;
          for (const line of lines) heard((JSON.parse(line) as { Actor: { ID: string } }).Actor.ID);
        }
      } catch {
        // The engine is away: whoever needs it says so.
      }
      if (!ending.signal.aborted) await new Promise((resolve) => setTimeout(resolve, PAUSE).unref());
    }
  };
  void listen();
  return () => ending.abort();
}
