import { accessAction } from "../../core/entities/access";
import { badRequest, isFinal, WhiskError } from "../../core/errors";
import { sha256 } from "../../core/ids";
import { type Action, type CodeExec, type Exec, type Identity, isSequence, nextVersion } from "../../core/model/entities";
import { checkActionLimits, MAX_SEQUENCE_LENGTH, SIZE_LIMITS } from "../../core/model/limits";
import { type EntityPath, keyOf, parseEntityPath } from "../../core/model/names";
import { type KeyValue, mergeParameters, type Parameter, valueOf } from "../../core/model/parameters";
import { parseRetries, RETRIES } from "../../core/model/retries";
import type { ControllerContext } from "../context";
import { isBase64 } from "../http/base64";
import type { ActionPut } from "../http/schemas";
import { checkParametersSize } from "./sizes";

/**
 * The action that a PUT means: what it leaves out stays as it was.
 *
 * @throws WhiskError 400, 413
 */
export async function buildAction(
  context: ControllerContext,
  identity: Identity,
  path: EntityPath,
  content: ActionPut,
  old: Action | undefined,
): Promise<Action> {
  const exec = content.exec ? await buildExec(context, identity, path, content.exec) : old?.exec;
  if (!exec) throw badRequest("exec undefined");
  return {
    collection: "actions",
    ...path,
    version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
    publish: content.publish ?? old?.publish ?? false,
    annotations: annotationsOf(content, exec, old),
    updated: context.now(),
    exec,
    parameters: checkParametersSize(parametersOf(content, exec, old), "Action"),
    limits: checkActionLimits(content.limits, old?.limits),
  };
}

/** Annotations of an update are added to those there are; `exec` tells the kind. */
function annotationsOf(content: ActionPut, exec: Exec, old: Action | undefined): KeyValue[] {
  const kept = (old?.annotations ?? []).filter(({ key }) => !content.delAnnotations?.includes(key));
  checkRetries(content.annotations, exec);
  const merged = mergeParameters(kept, content.annotations);
  // An action gets a key to the platform only when it asks for one.
  const withKey = merged.some(({ key }) => key === "provide-api-key") || old ? merged : [...merged, { key: "provide-api-key", value: false }];
  return mergeParameters(withKey, [{ key: "exec", value: exec.kind }]);
}

/** @throws WhiskError 400 when the annotation that asks for retries is malformed, or cannot be kept */
function checkRetries(annotations: KeyValue[] = [], exec: Exec): void {
  const retries = valueOf(annotations, RETRIES);
  if (retries === undefined) return;
  if (isSequence(exec)) throw badRequest(`A sequence is not tried again as a whole: give the annotation '${RETRIES}' to the actions in it.`);
  parseRetries(retries);
}

/** A sequence shows its components as the parameter `_actions`; that does not pass on to what is no sequence. */
function parametersOf(content: ActionPut, exec: Exec, old: Action | undefined): Parameter[] {
  if (isSequence(exec)) return [{ key: "_actions", value: exec.components }];
  return content.parameters ?? (old && !isSequence(old.exec) ? old.parameters : []);
}

async function buildExec(context: ControllerContext, identity: Identity, path: EntityPath, exec: NonNullable<ActionPut["exec"]>): Promise<Exec> {
  if (exec.kind === "sequence") return buildSequence(context, identity, path, exec.components ?? []);
  const { kinds, store } = context;
  const kind = exec.kind === "blackbox" ? exec.kind : kinds.resolve(exec.kind);
  if (kind === undefined) {
    const names = kinds.names.map((name) => `'${name}'`).join(", ");
    throw badRequest(`The specified runtime '${exec.kind}' is not supported by this platform. Valid values are: ${names}.`);
  }
  const code = exec.code;
  if (kind === "blackbox" && !exec.image) throw badRequest("The request content was malformed:\n'image' must be a string defined in 'exec' for 'blackbox' actions");
  if (kind !== "blackbox" && code === undefined) throw badRequest(`The request content was malformed:\n'code' must be a string or attachment object defined in 'exec' for '${kind}' actions`);
  const codeSize = code === undefined ? 0 : Buffer.byteLength(code);
  if (codeSize > SIZE_LIMITS.code) throw new WhiskError(413, `Action code larger than allowed: ${codeSize} > ${SIZE_LIMITS.code} bytes.`);
  const reason = kinds.unavailable({ kind, image: exec.image });
  if (reason !== undefined) throw badRequest(reason);
  const built: CodeExec = { kind, binary: code !== undefined && isBinary(code), main: exec.main, image: kind === "blackbox" ? exec.image : undefined };
  if (code === undefined) return built;
  const codeSha = sha256(code);
  await store.code.put(codeSha, code);
  return { ...built, codeSha, codeSize };
}

/** OpenWhisk tells archives and executables from text by this alone. */
const isBinary = (code: string): boolean => isBase64(code.trim());

async function buildSequence(context: ControllerContext, identity: Identity, path: EntityPath, components: string[]): Promise<Exec> {
  if (components.length === 0) throw badRequest("No component specified for the sequence.");
  if (components.length > MAX_SEQUENCE_LENGTH) throw badRequest("Too many actions in the sequence.");
  const paths = components.map((component) => parseEntityPath(component, identity.namespace));
  if ((await countActions(context, identity, keyOf(path), paths)) > MAX_SEQUENCE_LENGTH) throw badRequest("Too many actions in the sequence.");
  return { kind: "sequence", components: paths.map((component) => `/${keyOf(component)}`) };
}

/**
 * Actions of a sequence with those of the sequences in it.
 *
 * @throws WhiskError 400 when it comes back to itself, 403 when the caller may not invoke one of them
 */
async function countActions(context: ControllerContext, identity: Identity, self: string, components: EntityPath[], depth = 0): Promise<number> {
  // Sequences that were changed at the same time may form a ring.
  if (depth > MAX_SEQUENCE_LENGTH) throw badRequest("Too many actions in the sequence.");
  let count = 0;
  for (const component of components) {
    if (keyOf(component) === self) throw badRequest("Sequence may not refer to itself.");
    const { action } = await accessAction(context.entities, identity, component).catch((error: unknown) => {
      throw isFinal(error) && error.status !== 403 ? badRequest("Sequence component does not exist.") : error;
    });
    if (keyOf(action) === self) throw badRequest("Sequence may not refer to itself.");
    count += isSequence(action.exec)
      ? await countActions(context, identity, self, action.exec.components.map((name) => parseEntityPath(name, action.namespace)), depth + 1)
      : 1;
    if (count > MAX_SEQUENCE_LENGTH) return count;
  }
  return count;
}
