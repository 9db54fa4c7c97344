import type { ResourceDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Properties } from "../resource";
import { EntityHandler, type Entity } from "./handler";
import { fromKeyValues, toKeyValues, unlessEmpty, type KeyValue } from "./keyValues";
import { parseId } from "./names";
import { annotationInputs, annotationsProperty, entityOutputs, nameProperty, parametersProperty, publishProperty, unlessDefault } from "./shared";

interface PackageEntity extends Entity {
  parameters?: KeyValue[];
  annotations?: KeyValue[];
  binding?: { namespace?: string; name?: string };
}

export class PackageHandler extends EntityHandler<PackageEntity> {
  readonly token = "stackwhisk:index:Package";
  readonly collection = "packages";
  readonly noun = "package";
  readonly description: ResourceDescription = {
    description: "A bundle of actions with parameters that all of them get; or a binding, which gives someone else's package your parameters.",
    properties: {
      name: nameProperty("package"),
      parameters: parametersProperty("Parameters that each action of the package gets, unless it has or is called with its own."),
      annotations: annotationsProperty,
      publish: { ...publishProperty, description: "Other namespaces may use its actions and bind it." },
      binding: { type: "string", input: "optional", replaces: true, description: "Makes it a binding of the package `/namespace/name`." },
      ...entityOutputs,
    },
  };

  protected async checkInputs(inputs: Properties): Promise<CheckFailure[]> {
    const { binding } = inputs;
    if (binding === undefined || binding === UNKNOWN || toBinding(binding as string)) return [];
    return [{ property: "binding", reason: `must be a package's full name such as /whisk.system/utils, not ${JSON.stringify(binding)}` }];
  }

  protected async toBody(inputs: Properties): Promise<Properties> {
    return {
      parameters: toKeyValues(inputs.parameters),
      annotations: toKeyValues(inputs.annotations),
      publish: inputs.publish ?? false,
      ...(inputs.binding !== undefined && { binding: toBinding(inputs.binding as string) }),
    };
  }

  protected async toInputs(entity: PackageEntity, old: Properties): Promise<Properties> {
    const binding = entity.binding?.name === undefined ? undefined : `/${entity.binding.namespace ?? "_"}/${entity.binding.name}`;
    return {
      parameters: unlessEmpty(fromKeyValues(entity.parameters), old.parameters),
      // Of a binding the platform tells in an annotation what it is bound to.
      annotations: annotationInputs(entity.annotations, old.annotations, ["binding"]),
      publish: unlessDefault(entity.publish ?? false, false, old.publish),
      binding: sameBinding(binding, old.binding, entity.namespace) ? old.binding : binding,
    };
  }
}

function toBinding(reference: string): { namespace: string; name: string } | undefined {
  const path = reference.startsWith("/") ? parseId(reference, false) : undefined;
  return path && { namespace: path.namespace, name: path.name };
}

function sameBinding(real: string | undefined, input: unknown, namespace: string): boolean {
  return typeof input === "string" && input.replace(/^\/_\//, `/${namespace}/`) === real;
}
