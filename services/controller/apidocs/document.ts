import type { Kinds } from "../../core/ports/kinds";
import { definitions } from "./definitions";
import { paths, responses } from "./operations";
import { list, object, ref, text, whole } from "./schema";

const common = { swagger: "2.0", produces: ["application/json"] };

/** The REST API in Swagger 2.0: OpenWhisk's own format, with its names of types, which tools of its clients look for. */
export function apiDescription({ names, description }: Pick<Kinds, "names" | "description">, version: string): object {
  const kinds = [...names, ...Object.keys(description).map((family) => `${family}:default`), "sequence", "blackbox"];
  return {
    ...common,
    info: { title: "Stackwhisk REST API", description: "Functions, what makes them run, and what became of their runs. It is OpenWhisk's API.", version },
    basePath: "/api/v1",
    securityDefinitions: { basicAuth: { type: "basic" } },
    security: [{ basicAuth: [] }],
    paths: paths(),
    responses,
    definitions: definitions(kinds),
  };
}

/** What stands outside of the API. */
export function infoDescription(version: string): object {
  return {
    ...common,
    info: { title: "Stackwhisk", description: "What this platform is and offers.", version },
    basePath: "/",
    paths: {
      "/": { get: { operationId: "getInfo", summary: "Where the API is, its limits, and the languages that it runs.", responses: { 200: { description: "All of it.", schema: ref("Info") } } } },
      "/ping": { get: { operationId: "ping", summary: "Whether somebody is there.", produces: ["text/plain"], responses: { 200: { description: "pong", schema: { type: "string" } } } } },
    },
    definitions: {
      Info: object(
        {
          description: text("What answers here."),
          support: object({ github: text("Where to report what is wrong."), slack: text("Where to talk about it.") }),
          api_paths: list({ type: "string" }, "Where APIs begin."),
          limits: { ...object({}, ["actions_per_minute", "triggers_per_minute", "concurrent_actions"], "Times in milliseconds, sizes in bytes."), additionalProperties: whole("A limit.") },
          runtimes: { ...object({}, [], "Kinds of actions, by family."), additionalProperties: list(ref("Runtime")) },
        },
        ["description", "support", "api_paths", "limits", "runtimes"],
      ),
      Runtime: object(
        {
          kind: text("What an action names."),
          image: text("Image of its containers."),
          default: { type: "boolean" },
          deprecated: { type: "boolean" },
          attached: { type: "boolean" },
          requireMain: { type: "boolean" },
        },
        ["kind", "image", "default", "deprecated", "attached", "requireMain"],
      ),
    },
  };
}
