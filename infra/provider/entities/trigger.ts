import type { ResourceDescription } from "../description";
import type { Properties } from "../resource";
import { EntityHandler, type Entity } from "./handler";
import { fromKeyValues, toKeyValues, unlessEmpty, type KeyValue } from "./keyValues";
import { annotationInputs, annotationsProperty, entityOutputs, nameProperty, parametersProperty, publishProperty, unlessDefault } from "./shared";

interface TriggerEntity extends Entity {
  parameters?: KeyValue[];
  annotations?: KeyValue[];
}

export class TriggerHandler extends EntityHandler<TriggerEntity> {
  readonly token = "stackwhisk:index:Trigger";
  readonly collection = "triggers";
  readonly noun = "trigger";
  readonly description: ResourceDescription = {
    description: "A named class of events. Rules say which actions run when it is fired.",
    properties: {
      name: nameProperty("trigger"),
      parameters: parametersProperty("Parameters that each event has unless it brings its own."),
      annotations: annotationsProperty,
      publish: publishProperty,
      ...entityOutputs,
    },
  };

  protected async checkInputs() {
    return [];
  }

  protected async toBody(inputs: Properties): Promise<Properties> {
    return { parameters: toKeyValues(inputs.parameters), annotations: toKeyValues(inputs.annotations), publish: inputs.publish ?? false };
  }

  protected async toInputs(entity: TriggerEntity, old: Properties): Promise<Properties> {
    return {
      parameters: unlessEmpty(fromKeyValues(entity.parameters), old.parameters),
      annotations: annotationInputs(entity.annotations, old.annotations),
      publish: unlessDefault(entity.publish ?? false, false, old.publish),
    };
  }
}
