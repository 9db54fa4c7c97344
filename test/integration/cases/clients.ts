import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { officialClientCases } from "./officialClient";
import type { StartPlatform, TestedPlatform } from "./platform";

const WHISK = path.resolve("clients/cli/bin/whisk.js");

/** That the clients which people have work unchanged. */
export function clientCases(start: StartPlatform): void {
  let platform: TestedPlatform;
  let folder: string;

  beforeAll(async () => {
    platform = await start();
    folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-cli-"));
  });

  afterAll(async () => {
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs `whisk` as a person does who has only the two variables that `npm run -s env` prints. */
  function whisk(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const env = { PATH: process.env.PATH, HOME: folder, WHISK_APIHOST: platform.apiHost, WHISK_AUTH: platform.auth };
    return new Promise((resolve) => {
      execFile(process.execPath, [WHISK, ...args], { env, cwd: folder }, (error, stdout, stderr) => resolve({ status: error ? Number(error.code) : 0, stdout, stderr }));
    });
  }

  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return name;
  };

  describe("the command line client", () => {
    test("creates, invokes, updates, lists and deletes an action", async () => {
      const code = file("hello.js", "function main({ name = 'stranger' }) { console.log('greeting', name); return { text: 'Hello, ' + name } }");
      expect((await whisk("action", "create", "hello", code)).stdout).toBe("ok: created action hello\n");
      expect(JSON.parse((await whisk("action", "invoke", "hello", "--result", "--param", "name", "Ada")).stdout)).toEqual({ text: "Hello, Ada" });
      expect((await whisk("action", "update", "hello", code, "--param", "name", "Grace")).stdout).toBe("ok: updated action hello\n");
      expect(JSON.parse((await whisk("action", "invoke", "hello", "-r")).stdout)).toEqual({ text: "Hello, Grace" });
      expect((await whisk("action", "list")).stdout).toMatch(/\/guest\/hello +private nodejs:24/);
      expect((await whisk("action", "delete", "hello")).stdout).toBe("ok: deleted action hello\n");
      const gone = await whisk("action", "get", "hello");
      expect(gone.status).toBe(148);
      expect(gone.stderr).toMatch(/^error: Unable to get action 'hello': The requested resource does not exist\. \(code \w+\)/);
    });

    test("shows an activation with its logs and its result", async () => {
      await whisk("action", "create", "talk", file("talk.py", "def main(args):\n    print('hear me')\n    return {'said': True}\n"));
      const { stdout } = await whisk("action", "invoke", "talk", "--blocking", "--json");
      const { activationId } = JSON.parse(stdout) as { activationId: string };
      await platform.client().activation(activationId);
      expect((await whisk("activation", "logs", activationId)).stdout).toMatch(/stdout: hear me/);
      expect(JSON.parse((await whisk("activation", "result", activationId)).stdout)).toEqual({ said: true });
      expect((await whisk("activation", "list")).stdout).toContain(activationId);
    });

    test("fires a trigger", async () => {
      await whisk("trigger", "create", "tick");
      await whisk("action", "create", "tock", file("tock.js", "function main(params) { return params }"));
      await whisk("rule", "create", "ticktock", "tick", "tock");
      expect((await whisk("trigger", "fire", "tick", "--param", "n", "1")).stdout).toMatch(/^ok: triggered \/_\/tick with id [0-9a-f]{32}\n$/);
    });

    test("tells what is wrong with a kind that cannot run here", async () => {
      const { status, stderr } = await whisk("action", "create", "swift", file("main.swift", "func main(args: [String:Any]) -> [String:Any] { args }"));
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/swift:6/);
    });
  });

  describe("the official client for Node", () => officialClientCases(() => platform));
}
