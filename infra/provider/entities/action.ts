import { CodeError } from "../code/errors";
import { hashOf, loadCode, type Code } from "../code/load";
import type { ResourceDescription } from "../description";
import { Archive, Asset } from "../properties";
import { UNKNOWN, type CheckContext, type CheckFailure, type Difference, type OperationContext, type Properties, type State } from "../resource";
import type { Entity } from "./handler";
import { fromKeyValues, toKeyValues, unlessEmpty, type KeyValue } from "./keyValues";
import { checkLimits, limitsProperty } from "./limits";
import type { EntityPath } from "./names";
import { annotationInputs, annotationsProperty, deletedAnnotations, nameProperty, packageProperty, parametersProperty, publishProperty, unlessDefault } from "./shared";
import { checkWeb, webAnnotations, webInput, webProperty, WEB_ANNOTATIONS } from "./web";
import { WebHandler } from "./webHandler";

interface ActionEntity extends Entity {
  exec: { kind: string; code?: string; image?: string; main?: string; binary?: boolean };
  parameters?: KeyValue[];
  annotations?: KeyValue[];
  limits?: Properties;
}

export class ActionHandler extends WebHandler<ActionEntity> {
  readonly token = "stackwhisk:index:Action";
  readonly collection = "actions";
  readonly noun = "action";
  readonly description: ResourceDescription = {
    description: "A function on the platform, deployed from a file, a folder, a zip file, inline text or a container image.",
    properties: {
      name: nameProperty("action"),
      package: packageProperty("action"),
      code: {
        type: { oneOf: ["string", "asset", "archive"] },
        input: "optional",
        description:
          "A file, folder or zip file by its path, relative to the program's folder, or an asset or archive. JavaScript and TypeScript files are bundled with what they import, folders are zipped; what does not parse or cannot be resolved fails the preview. The code is not kept in the state.",
      },
      image: { type: "string", input: "optional", description: "A container image that speaks the platform's protocol; `kind` is then `blackbox`." },
      kind: { type: "string", input: "optional", present: true, description: "The runtime, such as `nodejs:24` or `python:3`. Default: by the file's extension, in the platform's default version." },
      main: { type: "string", input: "optional", description: "The function that runs. Default: `main`." },
      parameters: parametersProperty("Default parameters of each run."),
      env: { type: { map: "json" }, input: "optional", description: "Variables of the environment that the code runs in. Values may be secret." },
      annotations: annotationsProperty,
      limits: limitsProperty,
      publish: publishProperty,
      web: webProperty,
      codeSha256: { type: "string", checked: true, description: "SHA-256 of what is deployed, in hex." },
      ...WebHandler.outputs,
    },
  };
  /** What checks loaded, by hash: what is deployed is what was checked, even if the file has changed since. */
  private readonly checked = new Map<string, Code>();

  protected async checkInputs(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<CheckFailure[]> {
    const failures = [...checkLimits(inputs), ...checkWeb(inputs)];
    const { code, image } = inputs;
    // At an import there is a hash, but the platform does not say from which file the code came.
    if (code === undefined && image === undefined && inputs.codeSha256 === undefined) failures.push({ property: "code", reason: "is missing: an action has code or an image" });
    if (image !== undefined) {
      inputs.kind ??= "blackbox";
      if (inputs.kind !== "blackbox" && inputs.kind !== UNKNOWN) failures.push({ property: "kind", reason: `must be blackbox where image is given, not ${JSON.stringify(inputs.kind)}` });
    }
    for (const key of sharedKeys(inputs.parameters, inputs.env)) failures.push({ property: `env[${JSON.stringify(key)}]`, reason: "is in parameters too: the platform keeps one value for a name" });
    if (code === UNKNOWN || inputs.kind === UNKNOWN || inputs.main === UNKNOWN) {
      inputs.kind ??= UNKNOWN;
      inputs.codeSha256 = UNKNOWN;
    } else if (code !== undefined) {
      failures.push(...(await this.checkCode(inputs, old, context)));
    }
    return failures;
  }

  override async diff(old: State, inputs: Properties, context: CheckContext): Promise<Difference> {
    const difference = await super.diff(old, inputs, context);
    // Another path to the same code is no change; the hash says when the code changed.
    const changes = Object.entries(difference.changes).filter(([path]) => path !== "code");
    return { ...difference, changes: Object.fromEntries(changes) };
  }

  override plan(inputs: Properties, old: State | undefined): Properties {
    const { code: _, ...planned } = super.plan(inputs, old);
    return planned;
  }

  protected async toBody(inputs: Properties, old: State | undefined, context: OperationContext): Promise<Properties> {
    const annotations = annotationsOf(inputs);
    const exec = execChanged(inputs, old) ? await this.execOf(inputs, context) : undefined;
    return {
      ...(exec && { exec }),
      parameters: [...toKeyValues(inputs.parameters), ...toKeyValues(inputs.env, { init: true })],
      annotations,
      ...(old && { delAnnotations: deletedAnnotations(annotationsOf(old.inputs), annotations) }),
      limits: inputs.limits,
      publish: inputs.publish ?? false,
    };
  }

  protected async toInputs(entity: ActionEntity, old: Properties, path: EntityPath, context: OperationContext): Promise<Properties> {
    const { exec } = entity;
    if (exec.kind === "sequence") throw new Error(`${this.subject(path)} is a sequence: its resource is stackwhisk:index:Sequence`);
    const parameters = await this.ownParameters(entity, old, path, context);
    return {
      code: old.code,
      image: exec.image,
      kind: sameKind(exec.kind, old.kind) ? old.kind : exec.kind,
      main: unlessDefault(exec.main, "main", old.main) ?? old.main,
      parameters: unlessEmpty(fromKeyValues(parameters.filter(({ init }) => !init)), old.parameters),
      env: unlessEmpty(fromKeyValues(parameters.filter(({ init }) => init)), old.env),
      annotations: annotationInputs(entity.annotations, old.annotations, WEB_ANNOTATIONS),
      limits: limitsOf(entity),
      publish: unlessDefault(entity.publish ?? false, false, old.publish),
      web: webInput(fromKeyValues(entity.annotations), old),
      codeSha256: exec.code ? hashOf(exec.code, exec.binary === true) : undefined,
    };
  }

  protected override toOutputs(entity: ActionEntity, inputs: Properties): Properties {
    // Programs get outputs back, and no SDK takes an asset whose content was left out.
    return { ...super.toOutputs(entity, inputs), code: undefined };
  }

  private async checkCode(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<CheckFailure[]> {
    const source = inputs.code as string | Asset | Archive;
    if (isElided(source)) {
      // With ignoreChanges the code that comes is what an earlier check left of it.
      Object.assign(inputs, { codeSha256: old?.codeSha256, kind: inputs.kind ?? old?.kind });
      return [];
    }
    try {
      const code = await loadCode(source, { directory: context.directory, kind: inputs.kind as string | undefined, main: inputs.main as string | undefined });
      inputs.kind ??= code.kind;
      inputs.codeSha256 = code.sha256;
      inputs.code = withoutContent(source, code);
      this.checked.set(code.sha256, code);
      if (inputs.kind === undefined) return [{ property: "kind", reason: "is needed: what is in code does not tell the runtime" }];
      return [];
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      return [{ property: "code", reason: error.message }];
    }
  }

  private async execOf(inputs: Properties, context: OperationContext): Promise<Properties> {
    const code = inputs.code === undefined ? undefined : await this.codeOf(inputs, context);
    return { kind: inputs.kind, image: inputs.image, main: inputs.main, code: code?.text, ...(code && { binary: code.binary }) };
  }

  private async codeOf(inputs: Properties, context: OperationContext): Promise<Code> {
    const checked = this.checked.get(inputs.codeSha256 as string);
    if (checked) return checked;
    const source = inputs.code as string | Asset | Archive;
    if (isElided(source)) throw new Error("the action's code is needed for this change, but it is not in the program (ignoreChanges?)");
    return loadCode(source, { directory: context.directory, kind: inputs.kind as string | undefined, main: inputs.main as string | undefined });
  }

  /** The API's answer has the package's parameters merged into the action's; what is the package's alone is left out. */
  private async ownParameters(entity: ActionEntity, old: Properties, path: EntityPath, context: OperationContext): Promise<KeyValue[]> {
    const parameters = entity.parameters ?? [];
    const given = { ...(old.parameters as Properties | undefined), ...(old.env as Properties | undefined) };
    if (path.package === undefined || parameters.every(({ key }) => key in given)) return parameters;
    const location = { path: `${encodeURIComponent(path.namespace)}/packages/${encodeURIComponent(path.package)}`, subject: `package ${JSON.stringify(path.package)}` };
    const { parameters: inherited } = await this.client.call<{ parameters?: KeyValue[] }>({ method: "GET", ...location, signal: context.signal });
    const values = new Map((inherited ?? []).map(({ key, value }) => [key, JSON.stringify(value)]));
    return parameters.filter(({ key, value }) => key in given || values.get(key) !== JSON.stringify(value));
  }
}

function annotationsOf(inputs: Properties): KeyValue[] {
  return toKeyValues({ ...(inputs.annotations as Properties | undefined), ...webAnnotations(inputs.web) });
}

/** What is not sent stays as it is: an update of a parameter need not carry 48 MB of code. */
function execChanged(inputs: Properties, old: State | undefined): boolean {
  return !old || ["codeSha256", "kind", "main", "image"].some((key) => inputs[key] !== old.inputs[key]);
}

/** The platform says which version a default is. */
function sameKind(real: string, input: unknown): boolean {
  if (typeof input !== "string") return false;
  return real === input || (input.endsWith(":default") && real.split(":")[0] === input.split(":")[0]);
}

function limitsOf({ limits = {} }: ActionEntity): Properties {
  return Object.fromEntries(["timeout", "memory", "logs", "concurrency"].filter((key) => limits[key] !== undefined).map((key) => [key, limits[key]]));
}

function sharedKeys(a: unknown, b: unknown): string[] {
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return [];
  return Object.keys(b).filter((key) => key in a);
}

/** The state keeps no code: of inline text only the hash. Files stay as paths. */
function withoutContent(source: string | Asset | Archive, code: Code): string | Asset | Archive {
  if (source instanceof Asset && source.source.text !== undefined) return new Asset({}, source.hash ?? code.sha256);
  if (source instanceof Archive && source.source.assets !== undefined) return new Archive({}, source.hash ?? code.sha256);
  return source;
}

function isElided(source: string | Asset | Archive): boolean {
  return typeof source !== "string" && Object.keys(source.source).length === 0;
}
