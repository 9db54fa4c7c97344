import { Router } from "express";
import { ACTION_LIMITS, MAX_SEQUENCE_LENGTH } from "../../core/model/limits";
import type { RateLimits } from "../../core/model/namespaceLimits";
import type { ControllerContext } from "../context";
import { requireAcceptsJson } from "../http/accept";
import { restCors, serverCors } from "../http/cors";
import { allowOnly } from "../http/methods";

const MB = 1024 * 1024;
/** Clients read a 32 bit number: this one stands for no limit. */
const NO_LIMIT = 2 ** 31 - 1;

/** Where the API is at home. Clients expect both names. */
const SUPPORT = { github: "https://github.com/apache/openwhisk", slack: "http://slack.openwhisk.org" };

/** What needs no key: what this is, and whether it is well. */
export function infoRoutes(context: ControllerContext): Router {
  const router = Router({ caseSensitive: true });
  const { kinds, tenants, version } = context;

  router.get("/", serverCors, requireAcceptsJson, (_request, response) => {
    // Clients know the platform by this word.
    response.json({ description: "OpenWhisk", support: SUPPORT, api_paths: ["/api/v1"], limits: limitsView(tenants.standard), runtimes: kinds.description });
  });
  router.get("/api/v1", restCors, requireAcceptsJson, (_request, response) => {
    response.json({ description: "OpenWhisk API", api_version: "1.0.0", api_version_path: "v1", build: version, buildno: version, swagger_paths: { ui: "/docs", "api-docs": "/api-docs" } });
  });
  router.get("/ping", serverCors, (_request, response) => void response.type("text/plain").send("pong"));
  router.options(["/", "/ping"], serverCors);
  allowOnly(router, ["/", "/ping"], "GET", "OPTIONS");

  router.get("/health", (_request, response) => {
    const ready = context.ready();
    response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "draining", pid: context.pid, version, instance: context.instance });
  });
  return router;
}

/** The names and units are OpenWhisk's: milliseconds and bytes. A namespace may have narrower ones of its own. */
function limitsView(rates: RateLimits): Record<string, number> {
  const { timeout, memory, logs } = ACTION_LIMITS;
  const ranges = {
    action_duration: [timeout.min, timeout.max],
    action_memory: [memory.min * MB, memory.max * MB],
    action_logs: [logs.min * MB, logs.max * MB],
  };
  const bounds = Object.entries(ranges).flatMap(([name, [min, max]]) =>
    ["", "default_"].flatMap((prefix) => [
      [`${prefix}min_${name}`, min],
      [`${prefix}max_${name}`, max],
    ]),
  );
  return {
    actions_per_minute: Math.min(rates.invocationsPerMinute, NO_LIMIT),
    triggers_per_minute: Math.min(rates.firesPerMinute, NO_LIMIT),
    concurrent_actions: Math.min(rates.concurrentInvocations, NO_LIMIT),
    sequence_length: MAX_SEQUENCE_LENGTH,
    ...Object.fromEntries(bounds),
  };
}
