/** Web actions: what `web` is on the platform, and back. */
import type { PropertyDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Properties } from "../resource";

export const WEB_ANNOTATIONS = ["web-export", "raw-http", "final"];

export const webProperty: PropertyDescription = {
  type: { oneOf: ["boolean", "string"] },
  input: "optional",
  values: ["raw"],
  default: false,
  description: "Anyone may call it over plain HTTP, at `url`. `raw`: it gets the request's query and body as they are.",
};

export function checkWeb(inputs: Properties): CheckFailure[] {
  if (inputs.web === undefined || typeof inputs.annotations !== "object") return [];
  const both = WEB_ANNOTATIONS.filter((key) => key in (inputs.annotations as object));
  return both.map((key) => ({ property: `annotations.${key}`, reason: "is set by web: use one of both" }));
}

export function webAnnotations(web: unknown): Properties {
  if (!web) return {};
  // `final`: a caller from the web must not replace the parameters that the action was deployed with.
  return { "web-export": true, "raw-http": web === "raw", final: true };
}

export function webInput(annotations: Properties, old: Properties): boolean | "raw" | undefined {
  // Who set the annotations by hand goes on with that.
  if (old.annotations && "web-export" in (old.annotations as object)) return undefined;
  const web = annotations["web-export"] === true ? (annotations["raw-http"] === true ? "raw" : true) : false;
  return web === false && old.web === undefined ? undefined : web;
}

/** `namespace`: as the API says it, maybe with a package at its end. */
export function webOutput(apiHost: string | undefined, namespace: string, inputs: Properties): string | undefined {
  if (!isWeb(inputs) || apiHost === undefined) return undefined;
  const parts = [namespace.split("/")[0]!, (inputs.package as string | undefined) ?? "default", inputs.name as string];
  return `${apiHost}/api/v1/web/${parts.map(encodeURIComponent).join("/")}`;
}

export function isWeb(inputs: Properties): boolean {
  if (inputs.web === UNKNOWN) return true;
  return Boolean(inputs.web) || (inputs.annotations as Properties | undefined)?.["web-export"] === true;
}
