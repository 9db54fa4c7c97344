import { accessReferences } from "../../core/entities/access";
import { resolveAction } from "../../core/entities/resolve";
import { badRequest } from "../../core/errors";
import { sha256 } from "../../core/ids";
import { type Action, type Exec, type Identity, isSequence, nextVersion } from "../../core/model/entities";
import { checkActionLimits, MAX_SEQUENCE_LENGTH } from "../../core/model/limits";
import { type EntityPath, keyOf } from "../../core/model/names";
import { checkKind, checkOwnActionLimits, type NamespaceLimits } from "../../core/model/namespaceLimits";
import { type KeyValue, mergeParameters, type Parameter, valueOf } from "../../core/model/parameters";
import { parseRetries, RETRIES } from "../../core/model/retries";
import type { Kinds } from "../../core/ports/kinds";
import type { ControllerContext } from "../context";
import type { ActionPut } from "../http/schemas";
import { checkSequence } from "./checkSequence";
import type { GivenExec } from "./readExec";

/** Makes the action that is to be stored of the one that is there, if any. */
export type ActionChange = (old: Action | undefined) => Promise<Action>;

/**
 * What a PUT means: what it leaves out stays as it was.
 *
 * @returns a change; it too may refuse, when it knows the action
 * @throws WhiskError 400; 403, 404 or 409 when a component of a sequence cannot be used
 */
export async function readChange(context: ControllerContext, identity: Identity, path: EntityPath, content: ActionPut, exec: GivenExec | undefined): Promise<ActionChange> {
  const allowed = context.tenants.limits(identity.namespace);
  checkOwnActionLimits(allowed, content.limits);
  checkActionLimits(content.limits);
  if (exec && "components" in exec) await accessReferences(context.entities, identity, { actions: exec.components });
  if (exec) checkKind(allowed, exec.kind);
  return async (old) => {
    checkInstances(allowed, content.limits?.instances);
    return build(context, path, content, exec, old);
  };
}

/** @throws WhiskError 400 when an action asks for more containers than its namespace may have runs under way */
function checkInstances({ concurrentInvocations }: NamespaceLimits, instances = 0): void {
  if (instances > concurrentInvocations) throw badRequest(`Max action instance concurrency must not exceed your namespace concurrency of ${concurrentInvocations}.`);
}

async function build(context: ControllerContext, path: EntityPath, content: ActionPut, given: GivenExec | undefined, old: Action | undefined): Promise<Action> {
  const exec = given ? await storeExec(context, path, given) : old?.exec;
  if (!exec) throw badRequest("exec undefined");
  refuseDeprecated(context.kinds, exec.kind);
  return {
    collection: "actions",
    ...path,
    version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
    publish: content.publish ?? old?.publish ?? false,
    annotations: annotationsOf(content, exec, old),
    updated: context.now(),
    exec,
    parameters: parametersOf(content, exec, old),
    limits: checkActionLimits(content.limits, old?.limits),
  };
}

/** @throws WhiskError 400 when code of this kind may only be looked at */
export function refuseDeprecated(kinds: Kinds, kind: string): void {
  if (kinds.isDeprecated(kind)) throw badRequest(`The '${kind}' runtime is no longer supported. You may read and delete but not update or invoke this action.`);
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

/** What the action is to run, with its code stored. */
async function storeExec({ entities, kinds, store }: ControllerContext, path: EntityPath, given: GivenExec): Promise<Exec> {
  if ("components" in given) {
    await checkSequence((component) => resolveAction(entities, component), path, given.components, MAX_SEQUENCE_LENGTH);
    return { kind: given.kind, components: given.components.map((component) => `/${keyOf(component)}`) };
  }
  const { code, ...exec } = given;
  refuseDeprecated(kinds, exec.kind);
  const reason = kinds.unavailable(exec);
  if (reason !== undefined) throw badRequest(reason);
  if (code === undefined) return exec;
  const codeSha = sha256(code);
  await store.code.put(codeSha, code);
  return { ...exec, codeSha, codeSize: Buffer.byteLength(code) };
}
