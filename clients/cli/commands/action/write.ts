import { toKeyValues, type KeyValue } from "../../args/key-values";
import { annotationOptions, paramOptions, type Command, type OptionSpec, type Options } from "../../command";
import type { Context } from "../../context";
import { apiErrorBehind, EXIT, invalidArguments, usageError } from "../../errors";
import { done, get, kinds, put } from "../entities";
import { execFrom, noArtifact } from "./exec";
import { withWeb, type WebFlags } from "./web";

const options: readonly OptionSpec[] = [
  { flags: "--kind <KIND>", text: "the KIND of the action runtime (example: swift:default, nodejs:default)" },
  { flags: "--main <NAME>", text: "the name of the action entry point (function or fully-qualified method name when applicable)" },
  { flags: "--sequence", text: "treat ACTION as comma separated sequence of actions to invoke" },
  { flags: "--copy", text: "treat ACTION as the name of an existing action" },
  { flags: "--docker <IMAGE>", text: "use provided docker image (a path on DockerHub) to run the action" },
  { flags: "--native", text: "treat ACTION as native action (zip file provides a compatible executable to run)" },
  { flags: "--web <MODE>", text: "yes | true = web action, raw = raw HTTP web action, no | false = standard action" },
  { flags: "--web-secure <SECRET>", text: "secure the web action: SECRET is true, false, or any string" },
  { flags: "-t, --timeout <LIMIT>", text: "the timeout LIMIT in milliseconds after which the action is terminated", number: true },
  { flags: "-m, --memory <LIMIT>", text: "the maximum memory LIMIT in MB for the action", number: true },
  { flags: "-l, --logsize <LIMIT>", text: "the maximum log size LIMIT in MB for the action", number: true },
  { flags: "-c, --concurrency <LIMIT>", text: "the maximum intra-container concurrent activation LIMIT for the action", number: true },
  ...paramOptions,
  ...annotationOptions,
];

export const createAction: Command = {
  name: "create",
  args: "ACTION_NAME ACTION",
  summary: "create a new action",
  example: "action create hello hello.js --param greeting Hi --web true",
  arity: [1, 2, noArtifact],
  options,
  run: (context, args, flags) => write(context, args, flags, false),
};

export const updateAction: Command = {
  name: "update",
  args: "ACTION_NAME [ACTION]",
  summary: "update an existing action, or create an action if it does not exist",
  example: "action update hello --memory 512 --timeout 10000",
  arity: [1, 2, "An action name is required. A code artifact is optional."],
  options: [...options, { flags: "--del-annotation <KEY>", text: "delete an annotation; may be given more than once", list: true }],
  run: (context, args, flags) => write(context, args, flags, true),
};

async function write(context: Context, args: string[], flags: Options, update: boolean) {
  const [written = ""] = args;
  const body = await bodyOf(context, args, flags, update).catch((failure: unknown) => {
    throw invalidArguments(failure);
  });
  const action = await put(context, kinds.action, written, body, update);
  return { text: done(context, update ? "updated" : "created", "action", body.name), json: action };
}

/** What is sent: made of the arguments, of an action that is copied, and of what web actions have to keep. */
async function bodyOf(context: Context, [written = "", artifact]: string[], flags: Options, update: boolean) {
  const { namespace, entityName } = context.entity(written);
  const { params, annotations } = context.keyValues;
  const source = flags.copy
    ? await copied(context, artifact)
    : { exec: execFrom(artifact, flags, context.settings.namespace, context.io.cwd) };
  if (!source.exec && !update) throw usageError(noArtifact, EXIT.usage);

  const { web, webSecure } = flags as WebFlags;
  const given = union(annotations && toKeyValues(annotations), source.annotations);
  const changesWeb = web !== undefined || webSecure !== undefined;
  const existing = update && changesWeb ? await annotationsOf(context, written) : undefined;
  const change = withWeb({ web, webSecure }, given, existing);
  const delAnnotations = [...((flags.delAnnotation ?? []) as string[]), ...(change.delAnnotations ?? [])];
  return {
    namespace,
    name: entityName,
    exec: source.exec,
    annotations: change.annotations,
    delAnnotations: delAnnotations.length ? delAnnotations : undefined,
    parameters: union(params && toKeyValues(params), source.parameters),
    limits: limitsFrom(flags),
  };
}

interface Source {
  exec?: unknown;
  parameters?: KeyValue[];
  annotations?: KeyValue[];
}

async function copied(context: Context, name: string | undefined): Promise<Source> {
  if (name === undefined) throw usageError(noArtifact, EXIT.usage);
  return (await get(context, kinds.action, name, { code: true })) as Source;
}

async function annotationsOf(context: Context, written: string): Promise<KeyValue[] | undefined> {
  try {
    return (await get(context, kinds.action, written, { code: false })).annotations ?? [];
  } catch (failure) {
    if (apiErrorBehind(failure)?.status === 404) return undefined;
    throw failure;
  }
}

/** Both; of two with the same key the first. */
function union(first: KeyValue[] | undefined, second: KeyValue[] | undefined): KeyValue[] | undefined {
  if (!second) return first;
  return [...(first ?? []), ...second.filter(({ key }) => !first?.some((one) => one.key === key))];
}

function limitsFrom({ timeout, memory, logsize, concurrency }: Options): object | undefined {
  const limits = { timeout, memory, logs: logsize, concurrency };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}
