import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningRuntime } from "./runtime";

export interface Example {
  code: string;
  /** Parameters, and the result that they give. */
  calls: { parameters: unknown; result: unknown }[];
}

/**
 * The examples of `docs/runtimes.md` in one language: blocks of code that are followed by lines of "With `parameters`: `result`."
 * @param language as the block names it
 */
export function examples(language: string): Example[] {
  const document = readFileSync(join(__dirname, "..", "..", "docs", "runtimes.md"), "utf8");
  const blocks = document.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`\\n\\n((?:With .*\\n)*)`, "gm"));
  return [...blocks].map(([, code = "", calls = ""]) => ({
    code,
    calls: [...calls.matchAll(/^With `(.*)`: `(.*)`\.$/gm)].map(([, parameters = "", result = ""]) => ({ parameters: JSON.parse(parameters), result: JSON.parse(result) })),
  }));
}

/** Each example does what the document says. @param count how many there are: a block whose form is not understood is missed */
export function examplesWork(language: string, count: number, start: () => Promise<RunningRuntime>): void {
  describe(`the examples in ${language} of docs/runtimes.md`, () => {
    const found = examples(language);
    it("are all found, each with a call", () => {
      expect(found.map(({ calls }) => calls.length > 0)).toEqual(Array(count).fill(true));
    });

    it.each(found.map((example, index) => [index + 1, example] as const))("number %i gives what it says", async (_number, { code, calls }) => {
      const runtime = await start();
      try {
        expect(await runtime.init({ code })).toEqual({ status: 200, body: { ok: true } });
        for (const { parameters, result } of calls) expect(await runtime.run(parameters)).toEqual({ status: 200, body: result });
      } finally {
        await runtime.stop();
      }
    });
  });
}
