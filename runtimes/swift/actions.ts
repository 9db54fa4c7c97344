import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { archive } from "../testing/archive";
import type { RunningRuntime, Sample, StartOptions } from "../testing/runtime";
import { swift } from "./samples";

const PACKAGE = `// swift-tools-version:5.9
import PackageDescription
let package = Package(name: "Action", targets: [.executableTarget(name: "Action", path: "Sources")])
`;

/** What Swift actions are promised beyond the contract. @param withoutCompiler a runtime in which there is no compiler on the path */
export function swiftActions(start: (options?: StartOptions) => Promise<RunningRuntime>, withoutCompiler: StartOptions): void {
  describe("Swift actions", () => {
    const started: RunningRuntime[] = [];
    const launch = async (options?: StartOptions) => {
      const runtime = await start(options);
      started.push(runtime);
      return runtime;
    };
    const launchWith = async (sample: Sample) => {
      const runtime = await launch();
      expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
      return runtime;
    };
    /** Initializes and asks for the artifact. */
    const compiled = async (sample: Sample): Promise<Sample> => {
      const answer = await (await launch()).post("/init", JSON.stringify({ value: { main: "main", ...sample, artifact: true } }));
      expect(answer).toEqual({ status: 200, body: { ok: true, artifact: expect.any(String) } });
      return { code: (answer.body as { artifact: string }).artifact, binary: true };
    };
    afterEach(async () => {
      await Promise.all(started.splice(0).map((runtime) => runtime.stop()));
    });

    const CODABLE = "struct In: Codable { let name: String? }; struct Out: Codable { let hello: String }; enum Problem: Error { case tooFew(coins: Int) }";
    it.each<[string, string, unknown]>([
      ["Any, async and throwing", "func main(args: Any) async throws -> Any { try await Task.sleep(nanoseconds: 1); return args }", { name: "x" }],
      ["Codable", "func main(input: In) -> Out { Out(hello: input.name!) }", { hello: "x" }],
      ["Codable, async and optional", "func main(input: In) async throws -> Out? { Out(hello: input.name!) }", { hello: "x" }],
      ["Codable with a completion handler", "func main(param: In, completion: (Out?, Error?) -> Void) { completion(Out(hello: param.name!), nil) }", { hello: "x" }],
      ["a completion handler that is called later, with an error", "func main(param: In, completion: @escaping (Out?, Error?) -> Void) { DispatchQueue.global().async { completion(nil, Problem.tooFew(coins: 5)) } }", { error: "tooFew(coins: 5)" }],
      ["a completion handler without input", 'func main(completion: (Out?, Error?) -> Void) { completion(Out(hello: "you"), nil) }', { hello: "you" }],
      ["a dictionary and a completion handler", "func main(args: [String: Any], done: ([String: Any]?, Error?) -> Void) { done(args, nil) }", { name: "x" }],
      ["a method of a type, on the main actor", 'enum Handlers { @MainActor static func main(args: [String: Any]) async -> [String: Any] { args } }', { name: "x" }],
    ])("the function may be: %s", async (what, code, body) => {
      const runtime = await launchWith({ ...swift(CODABLE, code), main: what.startsWith("a method") ? "Handlers.main" : "main" });
      expect(await runtime.run({ name: "x" })).toEqual({ status: 200, body });
    });

    it("parameters that do not fit are named, and an array is none for a dictionary", async () => {
      const codable = await launchWith(swift("struct In: Codable { let name: String; let at: [Int] }", "func main(input: In) -> In { input }"));
      expect((await codable.run({ at: [] })).body).toEqual({ error: 'The parameters are not what the action takes: "name" is missing' });
      expect((await codable.run({ name: "x", at: ["y"] })).body).toEqual({ error: expect.stringMatching(/^The parameters are not what the action takes: "at\./) });
      const dictionary = await launchWith(swift("func main(args: [String: Any]) -> [String: Any] { args }"));
      expect((await dictionary.run([1])).body).toEqual({ error: "The action takes an object and was given an array." });
    });

    it("the compiler's messages have the developer's own line numbers", async () => {
      const runtime = await launch();
      const { body } = await runtime.init(swift("func main(args: Any) -> Any {", "  let a: Int = 1", '  return a + "x"', "}"));
      expect((body as { error: string }).error).toMatch(/^Initialization has failed due to: main\.swift:3:\d+: error: /);
    });

    it("a crash is the end of the runtime, told in the log", async () => {
      const runtime = await launchWith(swift("func main(args: [String: Any]) -> [String: Any] {", '  print("before")', '  fatalError("too late")', "}"));
      expect(await runtime.run()).toEqual({ status: 502, body: { error: "The action did not produce a valid response and exited unexpectedly." } });
      await runtime.exited;
      const [log] = await runtime.logs(1);
      expect(log?.stdout).toBe("before\n");
      expect(log?.stderr).toContain("Fatal error: too late");
    });

    it("what was compiled once starts without a compiler", async () => {
      const artifact = await compiled(swift('func main(args: [String: Any]) -> [String: Any] { ["same": args] }'));
      const runtime = await launch(withoutCompiler);
      expect(await runtime.init(artifact)).toEqual({ status: 200, body: { ok: true } });
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { same: { a: 1 } } });
      expect((await (await launch(withoutCompiler)).init(swift("func main(args: Any) -> Any { args }"))).body).toEqual({ error: expect.stringContaining("The compiler cannot be started") });
    });

    it.each([
      ["with its own file for the function", { "Sources/main.swift": 'func main(input: [String: String]) -> [String: String] { help(input) }' }],
      ["of a library's kind, without a main file", { "Sources/Run.swift": "func main(input: [String: String]) -> [String: String] { help(input) }" }],
    ])("a package %s is built, and its files come along", async (_what, files) => {
      const help = 'import Foundation\nfunc help(_ input: [String: String]) -> [String: String] { input.merging(["data": try! String(contentsOfFile: "data.txt", encoding: .utf8)]) { $1 } }\n';
      const code = archive({ "Package.swift": PACKAGE, "Sources/Help.swift": help, "data.txt": "some data", ...files });
      const artifact = await compiled({ code, binary: true });
      const runtime = await launch(withoutCompiler);
      expect(await runtime.init(artifact)).toEqual({ status: 200, body: { ok: true } });
      expect(await runtime.run({ a: "1" })).toEqual({ status: 200, body: { a: "1", data: "some data" } });
    });

    it("a program that was made for OpenWhisk's proxy runs as it is", async () => {
      const exec = '#!/bin/sh\nwhile read -r line; do echo "run: $line"; echo "{\\"id\\":\\"$SOME\\"}" >&3; done\n';
      const runtime = await launchWith({ binary: true, code: archive({ exec }), env: { SOME: "thing" } });
      for (let count = 0; count < 2; count++) expect(await runtime.run({ count })).toEqual({ status: 200, body: { id: "thing" } });
      expect((await runtime.logs(2)).map(({ stdout }) => stdout)).toEqual(['run: {"value":{"count":0}}\n', 'run: {"value":{"count":1}}\n']);
    });

    it("the class Whisk calls the platform with the activation's key", async () => {
      const seen: unknown[] = [];
      const server = createServer((request, response) => {
        void text(request).then((body) => {
          seen.push({ url: request.url, authorization: request.headers.authorization, body: JSON.parse(body) });
          response.end('{"activationId":"7"}');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const runtime = await launchWith({
          ...swift(
            'func call(_ args: [String: Any]) -> [String: Any] { Whisk.invoke(actionNamed: "/whisk.system/utils/echo", withParameters: args, blocking: false) }',
            "func main(args: [String: Any]) async throws -> [String: Any] {",
            "  let called = call(args)",
            '  let fired = try await Whisk.trigger(eventNamed: "tick", withParameters: ["b": 2])',
            '  return ["called": called, "fired": String(decoding: fired, as: UTF8.self)]',
            "}",
          ),
          env: { __OW_API_HOST: host },
        });
        expect(await runtime.run({ a: 1 }, { api_key: "user:password" })).toEqual({ status: 200, body: { called: { activationId: "7" }, fired: '{"activationId":"7"}' } });
        const authorization = `Basic ${Buffer.from("user:password").toString("base64")}`;
        expect(seen).toEqual([
          { url: "/api/v1/namespaces/whisk.system/actions/utils/echo?blocking=false", authorization, body: { a: 1 } },
          { url: "/api/v1/namespaces/_/triggers/tick?blocking=true", authorization, body: { b: 2 } },
        ]);
        // Without a key: what does not wait gets the error as a result, what throws throws it.
        expect((await runtime.run()).body).toEqual({ error: expect.stringContaining("provide-api-key") });
      } finally {
        server.close();
      }
    });
  });
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
