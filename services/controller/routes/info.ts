import { Router } from "express";
import { ACTION_LIMITS, MAX_SEQUENCE_LENGTH } from "../../core/model/limits";
import type { ControllerContext } from "../context";

const MB = 1024 * 1024;

/** What needs no key: what this is, and whether it is well. */
export function infoRoutes(context: ControllerContext): Router {
  const router = Router();
  const info = {
    description: "Stackwhisk",
    api_paths: ["/api/v1"],
    limits: {
      max_action_duration: ACTION_LIMITS.timeout.max,
      max_action_logs: ACTION_LIMITS.logs.max * MB,
      max_action_memory: ACTION_LIMITS.memory.max * MB,
      min_action_duration: ACTION_LIMITS.timeout.min,
      min_action_logs: ACTION_LIMITS.logs.min * MB,
      min_action_memory: ACTION_LIMITS.memory.min * MB,
      sequence_length: MAX_SEQUENCE_LENGTH,
    },
  };
  router.get("/", (_request, response) => void response.json({ ...info, runtimes: context.kinds.description }));
  router.get("/api/v1", (_request, response) => {
    response.json({ description: "Stackwhisk API", api_version: "1.0.0", api_version_path: "v1", build: context.version, buildno: context.version });
  });
  router.get("/ping", (_request, response) => void response.type("text/plain").send("pong"));
  router.get("/health", (_request, response) => {
    const ready = context.ready();
    response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "draining", pid: context.pid, version: context.version, instance: context.instance });
  });
  return router;
}
