import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerMongo } from "./mongodb/docker";
import { FerretDb, ferretDbProgram } from "./mongodb/ferretdb";
import { leaveOut } from "./leftOut";
import { sharedServer } from "./sharedServer";

/** A server that tests may kill and start again. */
export interface TestMongoServer {
  readonly url: string;
  /** Of the server's process; undefined when it does not run. */
  readonly pid: number | undefined;
  /** What is to be killed and removed in the end. */
  readonly parts: { pids: number[]; containers?: string[] };
  /** Starts it, again with the same port and data; resolves when it answers. */
  start(): Promise<void>;
  /** SIGKILL */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
  /** Ends it and all that belongs to it. */
  dispose(): Promise<void>;
}

type Source = { kind: "url"; url: string } | { kind: "ferretdb" } | { kind: "docker" } | { kind: "none"; reason: string };

/** A server of MongoDB's protocol for tests: one that is given by URL, FerretDB as the tools build it, or MongoDB's image. */
export class TestMongo {
  /** Of one's own, to be killed and disposed of; one that is given by URL cannot be. */
  static async own(): Promise<TestMongoServer> {
    const folder = mkdtempSync(join(tmpdir(), "mongodb-"));
    const server = existsSync(ferretDbProgram()) ? await FerretDb.make(folder) : await DockerMongo.make();
    const dispose = server.dispose.bind(server);
    server.dispose = async () => {
      await dispose();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await server.start();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  /** URL of the one that all test files of the jest run share: each uses databases of its own, and drops them. */
  static async shared(): Promise<string> {
    const source = findSource();
    if (source.kind === "url") return source.url;
    const { url } = await sharedServer("mongodb", async (folder) => {
      const server = source.kind === "ferretdb" ? await FerretDb.make(folder) : await DockerMongo.make();
      await server.start();
      return { url: server.url, ...server.parts };
    });
    return url;
  }
}

/** A name of a database that nobody else has. */
export const randomDatabase = () => `test-${randomBytes(6).toString("hex")}`;

/**
 * `describe` for what needs a server of MongoDB's protocol. Without one the tests are skipped and the reason is told; where
 * CI is set they fail.
 *
 * @param own tests kill the server: the one that is given by URL does not do
 */
export function describeWithMongo(name: string, tests: () => void, { own = false } = {}): void {
  const source = findSource({ own });
  if (source.kind === "none") leaveOut(name, source.reason, tests);
  else describe(name, tests);
}

function findSource({ own = false } = {}): Source {
  const url = process.env.STACKWHISK_TEST_MONGODB_URL;
  if (url && !own) return { kind: "url", url };
  if (existsSync(ferretDbProgram())) return { kind: "ferretdb" };
  try {
    execFileSync("docker", ["info"], { stdio: "ignore", timeout: 5_000 });
    return { kind: "docker" };
  } catch {
    const reason = `There is no MongoDB server: neither ${ferretDbProgram()} nor a Docker engine that answers`;
    return { kind: "none", reason: own ? `${reason}.` : `${reason}, and STACKWHISK_TEST_MONGODB_URL is not set.` };
  }
}
