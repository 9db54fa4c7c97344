import { ACTION_LIMITS } from "../../core/model/limits";
import { flag, ID, list, nullable, object, ref, type Schema, text, VERSION, whole } from "./schema";

const ANYTHING: Schema = {};

/** What every entity has. */
const entity = {
  namespace: text("Where it is: the namespace, or namespace/package."),
  name: text("Its name."),
  version: text("Goes up with each change.", VERSION),
  publish: flag("Whether other namespaces may use it. Means something for packages only."),
  annotations: list(ref("KeyValue"), "Facts about it, for people and for the platform."),
  updated: whole("When it was changed last. Milliseconds since 1970."),
};
const ENTITY = ["namespace", "name", "version", "publish", "annotations", "updated"];

/** What a PUT may say of any entity. Its place and name stand in the path; in the body they are overlooked. */
const put = {
  version: text("Instead of the next one.", VERSION),
  publish: flag("Share it with other namespaces."),
  annotations: list(ref("KeyValue"), "Added to those that there are; the same key replaces."),
};
/** Each of its properties may be left out. */
const change = (properties: Record<string, Schema>) => object(Object.fromEntries(Object.entries({ ...put, ...properties }).map(([name, schema]) => [name, nullable(schema)])));

const parameters = list(ref("Parameter"), "Values that whoever uses it need not send.");
const reference = (what: string) => text(`Name of the ${what}, with or without its namespace.`, { minLength: 1 });

const limit = ({ min, max, std }: { min: number; max: number; std: number }, description: string) => whole(description, { minimum: min, maximum: max, default: std });

/** @param kinds all that `exec.kind` may be */
export const definitions = (kinds: readonly string[]): Record<string, Schema> => ({
  KeyValue: object({ key: text("Its name.", { minLength: 1 }), value: ANYTHING }, ["key", "value"]),
  Parameter: object({ key: text("Its name.", { minLength: 1 }), value: ANYTHING, init: flag("Given to the action's environment when it starts, not to each run.") }, ["key", "value"]),
  PathName: object({ path: text("Namespace, or namespace/package."), name: text("Name in it.") }, ["path", "name"]),
  ErrorMessage: object({ error: text("What was refused, and why."), code: text("Id of the request, by which its traces in logs are found.") }, ["error", "code"]),

  ActionLimits: object({
    timeout: limit(ACTION_LIMITS.timeout, "Time that a run may take. Milliseconds."),
    memory: limit(ACTION_LIMITS.memory, "Memory of a container. MB."),
    logs: limit(ACTION_LIMITS.logs, "Logs that are kept of a run. MB."),
    concurrency: limit(ACTION_LIMITS.concurrency, "Runs that one container may work on at a time."),
  }),
  ActionExec: object(
    {
      kind: text("Language and its version; or `sequence`, or `blackbox` for an image.", { enum: kinds }),
      code: text("Source text, or a zip file in base64."),
      main: text("Function to call."),
      binary: flag("Whether the code is a zip file. Found out by the platform."),
      image: text("Docker image."),
      components: list(reference("action"), "Actions of a sequence, in order."),
    },
    ["kind"],
  ),
  ActionExecMeta: object({ binary: flag("Whether the code is a zip file.") }),
  Action: object({ ...entity, exec: ref("ActionExec"), parameters, limits: ref("ActionLimits") }, [...ENTITY, "exec", "parameters", "limits"]),
  ActionMeta: object({ ...entity, exec: ref("ActionExecMeta"), limits: ref("ActionLimits") }, [...ENTITY, "exec", "limits"]),
  ActionPut: change({ exec: ref("ActionExec"), parameters, limits: ref("ActionLimits"), delAnnotations: list({ type: "string" }, "Keys of annotations to be taken away.") }),

  Trigger: object({ ...entity, parameters, limits: object({}), rules: object({}, [], "Rules of this trigger by their names, with action and status.") }, [...ENTITY, "parameters"]),
  TriggerMeta: object(entity, ENTITY),
  TriggerPut: change({ parameters }),

  Rule: object({ ...entity, trigger: ref("PathName"), action: ref("PathName"), status: text("Whether it invokes the action.", { enum: ["active", "inactive", "activating", "deactivating"] }) }, [...ENTITY, "trigger", "action", "status"]),
  RuleMeta: object({ ...entity, trigger: ref("PathName"), action: ref("PathName") }, [...ENTITY, "trigger", "action"]),
  RulePut: change({ trigger: reference("trigger"), action: reference("action"), status: text("Status to begin with.", { enum: ["active", "inactive", ""] }) }),
  RuleStatus: object({ status: text("Status from now on.", { enum: ["active", "inactive"] }) }, ["status"]),

  Package: object({ ...entity, parameters, binding: ref("PackageBinding"), actions: list(ref("PackageAction"), "Its actions."), feeds: list(ref("PackageAction"), "Those that are feeds.") }, ENTITY),
  PackageMeta: object({ ...entity, binding: { description: "What is bound; false if it is no binding." } }, ENTITY),
  PackagePut: change({ parameters, binding: ref("PackageBinding") }),
  PackageBinding: object({ namespace: text("Namespace of the package that is bound."), name: text("Its name.") }, [], "Empty: it is no binding."),
  PackageAction: object({ name: text("Its name."), version: entity.version, annotations: entity.annotations }, ["name", "version"]),

  ActivationId: object({ activationId: text("By which the record is found.", ID) }, ["activationId"]),
  ActivationBrief: object({ ...activation, statusCode: whole("Class of the outcome, from 0 to 3; of a trigger there is none.") }, ACTIVATION),
  Activation: object({ ...activation, subject: text("Who invoked it."), logs: list({ type: "string" }, "Lines with time and stream."), response: ref("ActivationResult") }, [...ACTIVATION, "response"]),
  ActivationResult: object(outcome, ["status", "success"]),
  ActivationLogs: object({ logs: list({ type: "string" }, "Lines with time and stream.") }, ["logs"]),

  DeadLetter: object({ activationId: activation.activationId, namespace: text("That invoked it."), action: text("Its path."), reason: text("Why it was given up."), attempts: whole("Times it was tried."), acceptedAt: whole("Milliseconds since 1970."), at: whole("When it was given up. Milliseconds since 1970."), payload: ANYTHING }, ["activationId", "namespace", "action", "reason"]),
  Redriven: object({ redriven: whole("How many will be tried again."), failed: list(object({ activationId: activation.activationId, error: text("Why not.") })), left: whole("How many are behind those.") }, ["redriven", "failed", "left"]),
  Purged: object({ purged: whole("How many were thrown away.") }, ["purged"]),
  UserLimits: object(Object.fromEntries(USER_LIMITS.map((name) => [name, { type: "integer" }]))),
});

const outcome = { status: text("Class of the outcome."), success: flag("Whether it is the first of them."), result: ANYTHING, size: whole("Bytes of the result.") };

const activation = {
  activationId: text("Its id.", ID),
  namespace: text("That invoked it."),
  name: text("Of the entity that was invoked or fired."),
  version: text("Of that entity.", VERSION),
  publish: flag("Always false."),
  annotations: list(ref("KeyValue"), "Path, kind, limits, and times of the run."),
  start: whole("Milliseconds since 1970."),
  end: whole("Milliseconds since 1970."),
  duration: whole("Milliseconds."),
  cause: text("Id of the activation of a sequence or composition that brought it about.", ID),
};
const ACTIVATION = ["activationId", "namespace", "name", "version", "publish", "annotations", "start"];

const USER_LIMITS = [
  "invocationsPerMinute",
  "concurrentInvocations",
  "firesPerMinute",
  "minActionMemory",
  "maxActionMemory",
  "minActionLogs",
  "maxActionLogs",
  "minActionTimeout",
  "maxActionTimeout",
  "minActionConcurrency",
  "maxActionConcurrency",
];
