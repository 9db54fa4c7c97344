import type { ResourceDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Properties, type State } from "../resource";
import type { Entity } from "./handler";
import { fromKeyValues, toKeyValues, type KeyValue } from "./keyValues";
import { parseId, qualify, sameReference } from "./names";
import { annotationInputs, annotationsProperty, deletedAnnotations, nameProperty, packageProperty, publishProperty, unlessDefault } from "./shared";
import { checkWeb, webAnnotations, webInput, webProperty, WEB_ANNOTATIONS } from "./web";
import { WebHandler } from "./webHandler";

interface SequenceEntity extends Entity {
  exec: { kind: string; components?: string[] };
  annotations?: KeyValue[];
}

export class SequenceHandler extends WebHandler<SequenceEntity> {
  readonly token = "stackwhisk:index:Sequence";
  readonly collection = "actions";
  readonly noun = "sequence";
  readonly description: ResourceDescription = {
    description: "Actions one after the other: each gets what the one before it returned.",
    properties: {
      name: nameProperty("sequence"),
      package: packageProperty("sequence"),
      actions: { type: { list: "string" }, input: "required", description: "The actions, in order: names, `package/name`, or full names." },
      annotations: annotationsProperty,
      publish: publishProperty,
      web: webProperty,
      ...WebHandler.outputs,
    },
  };

  protected async checkInputs(inputs: Properties): Promise<CheckFailure[]> {
    const failures = checkWeb(inputs);
    const { actions } = inputs;
    if (!Array.isArray(actions)) return failures;
    if (actions.length === 0) failures.push({ property: "actions", reason: "a sequence has at least one action" });
    for (const [index, action] of actions.entries()) {
      if (action === UNKNOWN || parseId(action as string, true)) continue;
      failures.push({ property: `actions[${index}]`, reason: `must be the name of an action, such as resize or images/resize, not ${JSON.stringify(action)}` });
    }
    return failures;
  }

  protected async toBody(inputs: Properties, old: State | undefined): Promise<Properties> {
    const annotations = annotationsOf(inputs);
    return {
      exec: { kind: "sequence", components: (inputs.actions as string[]).map(qualify) },
      annotations,
      ...(old && { delAnnotations: deletedAnnotations(annotationsOf(old.inputs), annotations) }),
      publish: inputs.publish ?? false,
    };
  }

  protected async toInputs(entity: SequenceEntity, old: Properties): Promise<Properties> {
    if (entity.exec.kind !== "sequence") throw new Error(`${entity.name} is an action of kind ${entity.exec.kind}, not a sequence: its resource is stackwhisk:index:Action`);
    const namespace = entity.namespace.split("/")[0]!;
    const before = (old.actions ?? []) as string[];
    return {
      actions: (entity.exec.components ?? []).map((component, index) => {
        const input = before[index];
        const real = component.startsWith("/") ? component : `/${component}`;
        return input !== undefined && sameReference(real, input, namespace) ? input : real;
      }),
      annotations: annotationInputs(entity.annotations, old.annotations, WEB_ANNOTATIONS),
      publish: unlessDefault(entity.publish ?? false, false, old.publish),
      web: webInput(fromKeyValues(entity.annotations), old),
    };
  }
}

function annotationsOf(inputs: Properties): KeyValue[] {
  return toKeyValues({ ...(inputs.annotations as Properties | undefined), ...webAnnotations(inputs.web) });
}
