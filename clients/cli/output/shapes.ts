import type { Shape } from "./json";

const identity = { namespace: "", name: "", version: "" };

/** What the official CLI prints of each kind of entity, in its order. */
export const shapes = {
  action: {
    fields: {
      ...identity,
      exec: null,
      annotations: null,
      delAnnotations: null,
      parameters: null,
      limits: null,
      error: "",
      code: 0,
      publish: null,
      updated: 0,
      env: null,
    },
    optional: [
      "namespace",
      "name",
      "version",
      "exec",
      "annotations",
      "delAnnotations",
      "parameters",
      "limits",
      "error",
      "code",
      "publish",
      "updated",
      "env",
    ],
    nested: {
      exec: ["kind", "code", "image", "init", "main", "components", "binary"],
      limits: ["timeout", "memory", "logs", "concurrency"],
    },
  },
  activation: {
    fields: {
      ...identity,
      subject: "",
      activationId: "",
      cause: "",
      start: 0,
      end: 0,
      duration: 0,
      statusCode: 0,
      response: null,
      logs: null,
      annotations: null,
      publish: null,
    },
    optional: ["cause", "publish"],
    nested: { response: ["status", "statusCode", "success", "result"] },
  },
  deadLetter: {
    fields: {
      activationId: "",
      namespace: "",
      action: "",
      reason: null,
      attempts: 0,
      acceptedAt: 0,
      at: 0,
      cause: "",
      trigger: "",
      payload: null,
    },
    optional: ["cause", "trigger"],
  },
  trigger: {
    fields: { ...identity, activationId: "", annotations: null, parameters: null, limits: null, publish: null, rules: null, updated: 0 },
    optional: ["namespace", "version", "activationId", "annotations", "parameters", "limits", "publish", "rules", "updated"],
  },
  rule: {
    fields: { ...identity, annotations: null, status: "", trigger: null, action: null, publish: null, updated: 0 },
    optional: ["namespace", "name", "version", "annotations", "publish", "updated"],
  },
  package: {
    fields: { ...identity, publish: null, annotations: null, parameters: null, binding: null, actions: null, feeds: null, updated: 0 },
    optional: ["namespace", "name", "version", "publish", "annotations", "parameters", "binding", "actions", "feeds", "updated"],
    nested: { binding: ["namespace", "name"], actions: Object.keys(identity), feeds: Object.keys(identity) },
  },
} satisfies Record<string, Shape>;
