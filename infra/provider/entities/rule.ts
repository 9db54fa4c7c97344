import type { ResourceDescription } from "../description";
import { PartlyDone, UNKNOWN, type CheckFailure, type OperationContext, type Properties } from "../resource";
import { PlatformError } from "./client";
import { EntityHandler, type Entity } from "./handler";
import type { EntityPath } from "./names";
import { toKeyValues, type KeyValue } from "./keyValues";
import { apiPath, parseId, qualify, sameReference, toId } from "./names";
import { annotationInputs, annotationsProperty, entityOutputs, nameProperty } from "./shared";

interface RuleEntity extends Entity {
  annotations?: KeyValue[];
  status?: string;
  trigger: { path: string; name: string };
  action: { path: string; name: string };
}

export class RuleHandler extends EntityHandler<RuleEntity> {
  readonly token = "stackwhisk:index:Rule";
  readonly collection = "rules";
  readonly noun = "rule";
  readonly description: ResourceDescription = {
    description: "When the trigger fires, run the action.",
    properties: {
      name: nameProperty("rule"),
      trigger: { type: "string", input: "required", description: "The trigger: its name, or its full name `/namespace/name`." },
      action: { type: "string", input: "required", description: "The action or sequence: its name, `package/name`, or its full name." },
      status: { type: "string", input: "optional", present: true, values: ["active", "inactive"], default: "active", description: "An inactive rule does nothing when the trigger fires." },
      annotations: annotationsProperty,
      ...entityOutputs,
    },
  };

  protected async checkInputs(inputs: Properties): Promise<CheckFailure[]> {
    inputs.status ??= "active";
    return [
      ...(isReference(inputs.trigger, false) ? [] : [{ property: "trigger", reason: `must be the name of a trigger, not ${JSON.stringify(inputs.trigger)}` }]),
      ...(isReference(inputs.action, true) ? [] : [{ property: "action", reason: `must be the name of an action, such as resize or images/resize, not ${JSON.stringify(inputs.action)}` }]),
    ];
  }

  protected async toBody(inputs: Properties): Promise<Properties> {
    return {
      trigger: qualify(inputs.trigger as string),
      action: qualify(inputs.action as string),
      status: inputs.status,
      annotations: toKeyValues(inputs.annotations),
    };
  }

  protected async toInputs(entity: RuleEntity, old: Properties): Promise<Properties> {
    const real = (part: { path: string; name: string }) => `/${part.path}/${part.name}`;
    const keep = (part: { path: string; name: string }, input: unknown) => (typeof input === "string" && sameReference(real(part), input, entity.namespace) ? input : real(part));
    return {
      trigger: keep(entity.trigger, old.trigger),
      action: keep(entity.action, old.action),
      status: entity.status ?? "active",
      annotations: annotationInputs(entity.annotations, old.annotations),
    };
  }

  /** The API makes rules active and leaves the status of those that exist: it is set by a call of its own. */
  protected override async put(path: EntityPath, body: Properties, overwrite: boolean, context: OperationContext): Promise<RuleEntity> {
    const entity = await super.put(path, body, overwrite, context);
    if (entity.status === body.status || (entity.status === undefined && body.status === "active")) return entity;
    try {
      await this.client.call({ method: "POST", path: apiPath(this.collection, path), body: { status: body.status }, subject: this.subject(path), signal: context.signal });
    } catch (error) {
      if (overwrite || !(error instanceof PlatformError)) throw error;
      throw new PartlyDone(`${error.message}; it is there, but still ${entity.status}`, { id: toId(path), outputs: { name: path.name } });
    }
    return { ...entity, status: body.status as string };
  }
}

function isReference(value: unknown, mayHavePackage: boolean): boolean {
  return value === undefined || value === UNKNOWN || parseId(value as string, mayHavePackage) !== undefined;
}
