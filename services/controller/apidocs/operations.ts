import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import { MAX_LIST_LIMIT } from "../http/query";
import { FILTER, ID, list, NAME, ref, type Schema, text } from "./schema";

/** What a status means, by the name of a shared response. */
const RESPONSES = { 400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 406: "NotAcceptable", 408: "Timeout", 409: "Conflict", 413: "TooLarge", 415: "UnsupportedMediaType", 429: "TooMany", 500: "ServerError" } as const;
type Refusal = keyof typeof RESPONSES;

const answer = (description: string, schema?: Schema) => ({ description, ...(schema === undefined ? {} : { schema }) });
const refusals = (...statuses: Refusal[]) => Object.fromEntries(([...statuses, 401, 403, 406] as Refusal[]).map((status) => [status, { $ref: `#/responses/${RESPONSES[status]}` }]));

const inPath = (name: string, description: string, more: Schema = NAME) => ({ name, in: "path", required: true, ...text(description, more) });
const inQuery = (name: string, schema: Schema) => ({ name, in: "query", required: false, ...schema });
const inBody = (name: string, schema: Schema, required = true) => ({ name, in: "body", required, schema });
const truth = (name: string, description: string) => inQuery(name, { type: "boolean", description });

/** Of points in time: what has 15 digits. */
const LATEST = 1e15 - 1;

const paging = [
  inQuery("limit", { type: "integer", minimum: 0, maximum: MAX_LIST_LIMIT, description: `How many at most. 0 means ${MAX_LIST_LIMIT}.`, default: 30 }),
  inQuery("skip", { type: "integer", minimum: 0, maximum: 2 ** 31 - 1, description: "How many of the newest to leave out.", default: 0 }),
];
const overwrite = truth("overwrite", "Replace what is there; otherwise that is a conflict.");

const namespace = inPath("namespace", "The namespace; `_` is that of the key.");
const at = (...more: Schema[]) => ({ parameters: [namespace, ...more] });

/** GET of all that there are of a kind, newest first. */
const listing = (tag: string, what: string, item: string, more: Schema[] = []) => ({
  get: {
    tags: [tag],
    operationId: `getAll${tag}`,
    summary: `List ${what}. With \`count=true\` the answer is only how many there are, under the name of the collection.`,
    parameters: [...paging, ...more],
    responses: { 200: answer("Newest first.", list(ref(item))), ...refusals(400, 404) },
  },
});

/** @param suffix makes operation ids of the same entity at another path different */
function entity(tag: string, type: string, { one, suffix = "", put = [], remove = [] }: { one: string; suffix?: string; put?: Schema[]; remove?: Schema[] }) {
  return {
    get: { tags: [tag], operationId: `get${type}${suffix}ByName`, summary: `Read ${one}.`, parameters: type === "Action" ? [truth("code", "Whether its code is wanted.")] : [], responses: { 200: answer("As it is.", ref(type)), ...refusals(400, 404, 409) } },
    put: { tags: [tag], operationId: `update${type}${suffix}`, summary: `Create ${one}, or change it. What the body does not name stays as it is.`, consumes: ["application/json"], parameters: [overwrite, ...put, inBody("body", ref(`${type}Put`))], responses: { 200: answer("As it is now.", ref(type)), ...refusals(400, 404, 408, 409, 413, 415) } },
    delete: { tags: [tag], operationId: `delete${type}${suffix}`, summary: `Delete ${one}.`, parameters: remove, responses: { 200: answer("As it was.", ref(type)), ...refusals(400, 404, 409) } },
  };
}

const payload = inBody("payload", { type: "object", description: "Arguments, besides those that are bound." }, false);
const activationHeader = { headers: { "X-OpenWhisk-Activation-Id": text("Id of the activation.", ID) } };

const invoke = (suffix = "") => ({
  post: {
    tags: ["Actions"],
    operationId: `invokeAction${suffix}`,
    summary: "Invoke the action.",
    consumes: ["application/json"],
    parameters: [
      truth("blocking", "Wait for the end of the run."),
      truth("result", "Answer with the result alone, without its record."),
      inQuery("timeout", { type: "integer", minimum: 1, maximum: MAX_BLOCKING_WAIT, description: "How long to wait. Milliseconds.", default: MAX_BLOCKING_WAIT }),
      payload,
    ],
    responses: {
      200: { ...answer("The run succeeded: its record, or its result."), ...activationHeader },
      202: { ...answer("It will run, or has not ended yet.", ref("ActivationId")), ...activationHeader },
      502: { ...answer("The action failed: its record, or its result."), ...activationHeader },
      ...refusals(400, 404, 408, 409, 413, 415, 429, 500),
    },
  },
});

const reading = (operationId: string, tag: string, summary: string, type: string) => ({ get: { tags: [tag], operationId, summary, responses: { 200: answer("As it is.", ref(type)), ...refusals(400, 404) } } });

const web = (method: string) => [
  method,
  { tags: ["Web actions"], operationId: `${method}WebAction`, summary: "Call a web action. What is sent and answered is its own business.", security: [], responses: { default: answer("What the action answers, or a refusal.") } },
];

export const paths = (): Record<string, unknown> => ({
  "/namespaces": { get: { tags: ["Namespaces"], operationId: "getAllNamespaces", summary: "The namespace that the key opens.", responses: { 200: answer("Its name.", list({ type: "string" })), ...refusals() } } },
  "/namespaces/{namespace}/limits": { ...at(), ...reading("getLimits", "Limits", "What the namespace may use.", "UserLimits") },

  "/namespaces/{namespace}/actions": { ...at(), ...listing("Actions", "actions", "ActionMeta") },
  "/namespaces/{namespace}/actions/{actionName}": { ...at(inPath("actionName", "Name of the action.")), ...entity("Actions", "Action", { one: "an action" }), ...invoke() },
  "/namespaces/{namespace}/actions/{packageName}/{actionName}": {
    ...at(inPath("packageName", "Package that holds the action, or a binding to it."), inPath("actionName", "Name of the action.")),
    ...entity("Actions", "Action", { one: "an action of a package", suffix: "InPackage" }),
    ...invoke("InPackage"),
  },
  "/web/{namespace}/{packageName}/{actionName}.{extension}": {
    ...at(inPath("packageName", "Package of the action, or `default`."), inPath("actionName", "Name of the action."), inPath("extension", "What the result becomes.", { enum: ["http", "json", "html", "svg", "text"] })),
    ...Object.fromEntries(["get", "put", "post", "delete", "patch"].map(web)),
  },

  "/namespaces/{namespace}/triggers": { ...at(), ...listing("Triggers", "triggers", "TriggerMeta") },
  "/namespaces/{namespace}/triggers/{triggerName}": {
    ...at(inPath("triggerName", "Name of the trigger.")),
    ...entity("Triggers", "Trigger", { one: "a trigger" }),
    post: {
      tags: ["Triggers"],
      operationId: "fireTrigger",
      summary: "Fire the trigger: each of its active rules invokes its action.",
      consumes: ["application/json"],
      parameters: [payload],
      responses: { 202: { ...answer("It fired.", ref("ActivationId")), ...activationHeader }, 204: answer("It has no active rule."), ...refusals(400, 404, 408, 409, 413, 415, 429) },
    },
  },

  "/namespaces/{namespace}/rules": { ...at(), ...listing("Rules", "rules", "RuleMeta") },
  "/namespaces/{namespace}/rules/{ruleName}": {
    ...at(inPath("ruleName", "Name of the rule.")),
    ...entity("Rules", "Rule", { one: "a rule" }),
    post: { tags: ["Rules"], operationId: "setState", summary: "Turn the rule on or off.", consumes: ["application/json"], parameters: [inBody("status", ref("RuleStatus"))], responses: { 200: answer("Done, or it was so already."), ...refusals(400, 404, 408, 409, 413, 415) } },
  },

  "/namespaces/{namespace}/packages": { ...at(), ...listing("Packages", "packages; of another namespace those that it shares", "PackageMeta") },
  "/namespaces/{namespace}/packages/{packageName}": { ...at(inPath("packageName", "Name of the package.")), ...entity("Packages", "Package", { one: "a package or a binding", remove: [truth("force", "Delete its actions too; otherwise they are a conflict.")] }) },

  "/namespaces/{namespace}/activations": {
    ...at(),
    ...listing("Activations", "activations", "ActivationBrief", [
      inQuery("name", text("Only of this entity, with or without its package.", FILTER)),
      inQuery("since", { type: "integer", minimum: -LATEST, maximum: LATEST, description: "Only those that began then or later. Milliseconds since 1970." }),
      inQuery("upto", { type: "integer", minimum: -LATEST, maximum: LATEST, description: "Only those that began then or earlier. Milliseconds since 1970." }),
      truth("docs", "Whole records."),
    ]),
  },
  ...Object.fromEntries(
    [
      ["", "getActivationById", "Read a record.", "Activation"],
      ["/logs", "getActivationLogs", "The logs of a record.", "ActivationLogs"],
      ["/result", "getActivationResult", "The result of a record.", "ActivationResult"],
    ].map(([rest, id, summary, type]) => [`/namespaces/{namespace}/activations/{activationid}${rest}`, { ...at(inPath("activationid", "Id of the activation.", ID)), ...reading(id!, "Activations", summary!, type!) }]),
  ),

  "/namespaces/{namespace}/dead-letters": {
    ...at(),
    ...listing("DeadLetters", "accepted work that was given up", "DeadLetter"),
    post: { tags: ["DeadLetters"], operationId: "redriveDeadLetters", summary: "Try the oldest again.", parameters: paging, responses: { 200: answer("What became of them.", ref("Redriven")), ...refusals(400, 404, 429) } },
    delete: { tags: ["DeadLetters"], operationId: "purgeDeadLetters", summary: "Throw all of them away.", responses: { 200: answer("Done.", ref("Purged")), ...refusals(400, 404) } },
  },
  "/namespaces/{namespace}/dead-letters/{activationid}": {
    ...at(inPath("activationid", "Id of the activation.", ID)),
    ...reading("getDeadLetter", "DeadLetters", "Read one, with what was sent.", "DeadLetter"),
    post: { tags: ["DeadLetters"], operationId: "redriveDeadLetter", summary: "Try it again.", responses: { 202: { ...answer("It will run.", ref("ActivationId")), ...activationHeader }, ...refusals(400, 404, 429) } },
    delete: { tags: ["DeadLetters"], operationId: "purgeDeadLetter", summary: "Throw it away.", responses: { 200: answer("Done.", ref("Purged")), ...refusals(400, 404) } },
  },
});

const refused = (description: string) => answer(description, ref("ErrorMessage"));

export const responses: Record<(typeof RESPONSES)[Refusal], unknown> = {
  BadRequest: refused("The path, a parameter or the body is not as it must be."),
  Unauthorized: refused("There is no key, or it opens nothing."),
  Forbidden: refused("The key does not open this."),
  NotFound: refused("There is no such thing."),
  NotAcceptable: refused("The client does not take JSON."),
  Timeout: refused("The request did not arrive in time."),
  Conflict: refused("There is something of this name, or somebody changed it at the same time."),
  TooLarge: refused("The request is larger than allowed."),
  UnsupportedMediaType: refused("The body is not JSON."),
  TooMany: refused("The namespace asks more than its limits allow."),
  ServerError: answer("The platform failed."),
};
