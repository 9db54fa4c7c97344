/** What the entities of the platform have in common as resources: one REST collection each, PUT to make and to change. */
import type { Connection } from "../connection";
import { changesOf, sameValue, type ResourceDescription } from "../description";
import { UNKNOWN, type CheckContext, type CheckFailure, type Difference, type OperationContext, type Properties, type ResourceHandler, type State } from "../resource";
import { Client, PlatformError } from "./client";
import { compact } from "./keyValues";
import { apiPath, checkName, parseId, toId, type EntityPath } from "./names";

/** What every entity has in the API's answers. */
export interface Entity {
  namespace: string;
  name: string;
  version: string;
  publish?: boolean;
  updated?: number;
}

export abstract class EntityHandler<E extends Entity> implements ResourceHandler {
  abstract readonly token: string;
  abstract readonly description: ResourceDescription;
  /** The API's name of the collection, and what one of it is called. */
  protected abstract readonly collection: "actions" | "triggers" | "rules" | "packages";
  protected abstract readonly noun: string;
  /** Outputs that only the platform knows. */
  protected readonly computed: readonly string[] = ["namespace", "qualifiedName", "version", "updated"];
  protected readonly client: Client;

  constructor(protected readonly connection: Connection) {
    this.client = new Client(connection);
  }

  /** Fills the defaults into `inputs`, and names what is wrong with them. */
  protected abstract checkInputs(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<CheckFailure[]>;
  /** The body of the PUT. */
  protected abstract toBody(inputs: Properties, old: State | undefined, context: OperationContext): Promise<Properties>;
  /** Inputs as the entity is in truth, in the form in which `old` had them, name and package aside. */
  protected abstract toInputs(entity: E, old: Properties, path: EntityPath, context: OperationContext): Promise<Properties>;
  /** Outputs besides the inputs and what all entities have. */
  protected toOutputs(_entity: E, _inputs: Properties): Properties {
    return {};
  }

  async check(inputs: Properties, old: Properties | undefined, context: CheckContext) {
    const failures = [...checkName(inputs, context.name), ...checkName(inputs, context.name, "package")];
    failures.push(...(await this.checkInputs(inputs, old, context)));
    return { inputs: compact(inputs), failures };
  }

  async diff(old: State, inputs: Properties, _context: CheckContext): Promise<Difference> {
    return { changes: changesOf(this.description, old.inputs, inputs), deleteBeforeReplace: sameValue(idOf(old.inputs), idOf(inputs)) };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    const planned: Properties = { ...inputs };
    for (const name of this.computed) planned[name] ??= UNKNOWN;
    if (old) for (const name of ["namespace", "qualifiedName"]) planned[name] = old.outputs[name];
    return planned;
  }

  async create(inputs: Properties, context: OperationContext) {
    const path = pathOf(inputs);
    try {
      const entity = await this.put(path, await this.toBody(inputs, undefined, context), false, context);
      return { id: toId(path), outputs: this.outputs(entity, inputs) };
    } catch (error) {
      if (!(error instanceof PlatformError) || error.status !== 409) throw error;
      const take = `pulumi import ${this.token} ${context.urn.split("::").at(-1)} ${toId(path)}`;
      throw new Error(`${this.subject(path)} exists already and is not of this stack: take it over with \`${take}\`, delete it, or use another name`, { cause: error });
    }
  }

  async read(old: State, context: OperationContext): Promise<State | undefined> {
    const path = parseId(old.id, this.collection === "actions");
    if (!path) throw new Error(`${JSON.stringify(old.id)} is not the id of ${withArticle(this.noun)}: ${this.collection === "actions" ? "name, package/name or /namespace/package/name" : "name or /namespace/name"}`);
    const entity = await this.get(path, context);
    if (!entity) return undefined;
    const inputs = compact({ ...(await this.toInputs(entity, old.inputs, path, context)), name: path.name, package: path.package });
    return { id: toId(path), inputs, outputs: this.outputs(entity, inputs) };
  }

  async update(old: State, inputs: Properties, context: OperationContext): Promise<Properties> {
    const path = this.pathOfState(old);
    // Nothing to change on the platform: an output is to be brought up to date.
    const current = sameValue(old.inputs, inputs) ? await this.get(path, context) : undefined;
    const entity = current ?? (await this.put(path, await this.toBody(inputs, old, context), true, context));
    return this.outputs(entity, inputs);
  }

  async delete(old: State, context: OperationContext): Promise<void> {
    const path = this.pathOfState(old);
    try {
      await this.client.call({ method: "DELETE", path: apiPath(this.collection, path), subject: this.subject(path), signal: context.signal });
    } catch (error) {
      if (!(error instanceof PlatformError) || error.status !== 404) throw error;
    }
  }

  /** Undefined: there is none. */
  protected async get(path: EntityPath, context: OperationContext): Promise<E | undefined> {
    try {
      return await this.client.call<E>({ method: "GET", path: apiPath(this.collection, path), subject: this.subject(path), signal: context.signal });
    } catch (error) {
      if (error instanceof PlatformError && error.status === 404) return undefined;
      throw error;
    }
  }

  protected put(path: EntityPath, body: Properties, overwrite: boolean, context: OperationContext): Promise<E> {
    return this.client.call<E>({
      method: "PUT",
      path: apiPath(this.collection, path),
      query: { overwrite: String(overwrite) },
      body,
      subject: this.subject(path),
      // Repeating a create that arrived would find the entity that it had made itself, and call it a conflict.
      repeatable: overwrite,
      signal: context.signal,
    });
  }

  protected subject(path: EntityPath): string {
    return `${this.noun} ${JSON.stringify(path.package === undefined ? path.name : `${path.package}/${path.name}`)}`;
  }

  private pathOfState(old: State): EntityPath {
    return parseId(old.id, this.collection === "actions") ?? pathOf(old.inputs);
  }

  private outputs(entity: E, inputs: Properties): Properties {
    const [namespace] = entity.namespace.split("/");
    return compact({
      ...inputs,
      namespace,
      qualifiedName: `/${[namespace, inputs.package, inputs.name].filter((part) => part !== undefined).join("/")}`,
      version: entity.version,
      updated: entity.updated === undefined ? undefined : new Date(entity.updated).toISOString(),
      ...this.toOutputs(entity, inputs),
    });
  }
}

function pathOf(inputs: Properties): EntityPath {
  return compact({ namespace: "_", package: inputs.package, name: inputs.name }) as unknown as EntityPath;
}

function idOf(inputs: Properties): unknown[] {
  return [inputs.package, inputs.name];
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
