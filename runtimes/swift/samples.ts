import type { Contract, LoadedSamples, Samples } from "../contract";
import { archive } from "../testing/archive";
import type { Sample } from "../testing/runtime";

export const swift = (...lines: string[]): Sample => ({ code: `${lines.join("\n")}\n` });
const ENVIRONMENT = "ProcessInfo.processInfo.environment";

const samples: Samples = {
  echo: swift("func main(args: Any) -> Any { args }"),
  hello: swift("func main(args: Any) -> Any {", '  print("hello stdout")', '  FileHandle.standardError.write("hello stderr\\n".data(using: .utf8)!)', "  return args", "}"),
  unicode: swift("func main(args: [String: Any]) -> [String: Any] {", '  let text = "\\(args["delimiter"]!) ☃ \\(args["delimiter"]!)"', "  print(text)", '  return ["winter": text]', "}"),
  context: swift(`func main() -> [String: String] { ${ENVIRONMENT}.filter { $0.key.hasPrefix("__OW_") || $0.key.hasPrefix("STACKWHISK_") } }`),
  environment: swift(`let found = ${ENVIRONMENT}.filter { ["SOME_VAR", "ANOTHER_VAR", "OBJECT_VAR"].contains($0.key) }`, "func main() -> [String: String] { found }"),
  array: swift('func main() -> [String] { ["a", "b"] }'),
  text: swift('func main(args: Any) -> Any { "not an object" }'),
  nothing: swift("func main(args: [String: Any]) -> [String: Any]? { nil }"),
  applicationError: swift('func main(args: Any) -> Any { ["error": "sorry"] }'),
  lines: swift("func main(args: [String: Any]) -> Any {", '  for line in 0..<(args["lines"] as! Int) { print("line \\(line)") }', '  return ["done": true]', "}"),
  large: swift('func main(args: [String: Any]) -> Any { ["text": String(repeating: "x", count: args["size"] as! Int)] }'),
  waiting: swift(
    "func main(args: [String: String]) async throws -> [String: Bool] {",
    '  print("waiting")',
    '  while !FileManager.default.fileExists(atPath: args["file"]!) { try await Task.sleep(nanoseconds: 1_000_000) }',
    '  return ["done": true]',
    "}",
  ),
  archive: {
    binary: true,
    code: archive({
      "main.swift": 'func main() throws -> [String: String] { ["helper": help(), "data": try String(contentsOfFile: "data.txt", encoding: .utf8)] }\n',
      "Helper.swift": 'func help() -> String { "helped" }\n',
      "data.txt": "some data",
    }),
  },
  archiveWithoutEntry: { binary: true, code: archive({ hello: "Hello world!" }) },
};

const loadedSamples: LoadedSamples = {
  otherMain: swift("func niam(args: Any) -> Any { args }"),
  withoutMain: swift("func other(args: Any) -> Any { args }"),
  counter: swift("var count = 0", 'func main() -> [String: Int] { count += 1; return ["count": count] }'),
  notJson: swift("class Thing {}", 'func main(args: Any) -> Any { ["a": Thing()] }'),
  throwing: swift("struct Oops: Error { let why: String }", 'func main(args: Any) throws -> Any { throw Oops(why: "nooooo") }'),
  syntaxError: swift('10 PRINT "Hello!"', "20 GOTO 10"),
  printingAtLoad: swift('print("loading")', 'func main() -> [String: Int] { print("running"); return [:] }'),
  exitAtLoad: swift("exit(3)", "func main(args: Any) -> Any { args }"),
  exitInRun: swift('func main() -> [String: Int] { print("last words"); exit(3) }'),
  unfinishedLine: swift("func main() -> [String: Int] {", '  print("no line end", terminator: "")', '  FileHandle.standardError.write("no line end".data(using: .utf8)!)', "  return [:]", "}"),
};

/** Computes for ever, after it has told its own process and its runtime's. */
export const busy = swift("func main() -> [String: Int] {", '  print("busy \\(getpid()) \\(getppid())")', "  while getpid() > 0 {}", "  return [:]", "}");

/** What the shared suite asks of this language. */
export const contract: Omit<Contract, "start"> = {
  samples,
  comment: "//",
  loaded: { samples: loadedSamples, thrownStatus: 200, syntaxError: /main\.swift:1:\d+: error: /, trace: /^Error: Oops\(why: "nooooo"\)$/m },
};
