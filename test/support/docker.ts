import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answersAt, DEFAULT_HOST } from "./docker/cli";
import { Dockerd, whyNoDockerd } from "./docker/dockerd";
import { leaveOut } from "./leftOut";
import { sharedServer } from "./sharedServer";

/** Real Docker engines for tests: one that answers, else a `dockerd` that is started by hand. */
export const TestDocker = {
  /**
   * Where an engine answers, in the form of `DOCKER_HOST`: the one that this variable or the default socket leads to. In a
   * jest run without either, one is started for all its files and ended with it.
   *
   * @throws when there is none to be had
   */
  async host(): Promise<string> {
    if (answersAt(DEFAULT_HOST)) return DEFAULT_HOST;
    const reason = whyNoDockerd();
    if (reason !== undefined) throw new Error(missing(reason));
    const { url } = await sharedServer("docker", async (folder) => {
      const engine = new Dockerd(folder);
      await engine.start();
      return { url: engine.host, pids: engine.pids, gently: engine.pids.slice(0, 1) };
    });
    return url;
  },

  /**
   * An engine of one's own, to be killed and started again; `dispose` ends it and removes all of it. It has no way out, and
   * its networks are not kept apart, for it must not touch the machine's rules: those may be another engine's.
   *
   * @param liveRestore its containers live on when it ends
   */
  async own({ liveRestore = true } = {}): Promise<Dockerd> {
    const folder = mkdtempSync(join(tmpdir(), "dockerd-"));
    const engine = new Dockerd(folder, { isolated: true, liveRestore });
    try {
      await engine.start();
      return engine;
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  },
};

/**
 * `describe` for what needs a Docker engine. Without one the tests are skipped and the reason is told; where CI is set they fail.
 *
 * @param own tests kill the engine: the machine's does not do
 */
export function describeWithDocker(name: string, tests: () => void, { own = false } = {}): void {
  const reason = !own && answersAt(DEFAULT_HOST) ? undefined : whyNoDockerd();
  if (reason === undefined) describe(name, tests);
  else leaveOut(name, missing(reason), tests);
}

const missing = (reason: string): string => `There is no Docker engine: none answers at ${DEFAULT_HOST}, and none can be started: ${reason}.`;
