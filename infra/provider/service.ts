/**
 * The provider's calls on resources: what all types share. Each method takes a request of Pulumi's provider protocol and
 * returns the response, or throws.
 */
import {
  CheckFailure as CheckFailureMessage,
  CheckResponse,
  CreateResponse,
  DiffResponse,
  PropertyDiff,
  ReadResponse,
  UpdateResponse,
  type CheckRequest,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkTypes, secretPaths } from "./description";
import type { Engine } from "./engine";
import { partlyDoneError } from "./grpcErrors";
import { decode, encode, type Decoded, type Path } from "./properties";
import { PartlyDone, type ChangeKind, type CheckContext, type CheckFailure, type Difference, type OperationContext, type Properties, type ResourceHandler } from "./resource";

const KINDS: Record<ChangeKind, PropertyDiff.Kind> = {
  add: PropertyDiff.Kind.ADD,
  delete: PropertyDiff.Kind.DELETE,
  update: PropertyDiff.Kind.UPDATE,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

export class ResourceService {
  private readonly handlers: Map<string, ResourceHandler>;
  private readonly cancelled = new AbortController();

  constructor(
    handlers: readonly ResourceHandler[],
    private readonly engine: Engine,
    private readonly directory: string,
  ) {
    this.handlers = new Map(handlers.map((handler) => [handler.token, handler]));
  }

  async check(request: CheckRequest): Promise<CheckResponse> {
    const handler = this.handlerOf(request.getUrn());
    const news = given(request.getNews());
    const old = request.hasOlds() ? given(request.getOlds()).values : undefined;
    const failures = checkTypes(handler.description.properties, news.values);
    // A handler may rely on the types, so it is not asked about inputs that have other ones.
    if (failures.length > 0) return checkResponse(news.values, news.secrets, failures);
    const context = { ...this.checkContext(request.getUrn()), randomSeed: request.getRandomseed_asU8() };
    const checked = await handler.check(news.values, old && Object.keys(old).length > 0 ? old : undefined, context);
    return checkResponse(checked.inputs, [...news.secrets, ...alwaysSecret(handler)], checked.failures);
  }

  async diff(request: DiffRequest): Promise<DiffResponse> {
    const handler = this.handlerOf(request.getUrn());
    const state = { id: request.getId(), inputs: given(request.getOldInputs()).values, outputs: given(request.getOlds()).values };
    const inputs = given(request.getNews()).values;
    const difference = await handler.diff(state, inputs, this.checkContext(request.getUrn()));
    return diffResponse(difference, request.getIgnorechangesList(), { ...state.inputs, ...inputs });
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = given(request.getProperties());
    const secrets = [...inputs.secrets, ...alwaysSecret(handler)];
    if (request.getPreview()) return new CreateResponse().setProperties(encode(handler.plan(inputs.values, undefined), secrets));
    const context = this.operationContext(request);
    const state = await keepPartlyDone(inputs, secrets, () => handler.create(inputs.values, context));
    return new CreateResponse().setId(state.id).setProperties(encode(state.outputs, secrets));
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = given(request.getInputs());
    const outputs = given(request.getProperties());
    const old = { id: request.getId(), inputs: inputs.values, outputs: outputs.values };
    const state = await handler.read(old, this.operationContext(request));
    // An empty id says that it is gone.
    if (!state) return new ReadResponse();
    const secrets = [...inputs.secrets, ...alwaysSecret(handler)];
    return new ReadResponse()
      .setId(state.id)
      .setInputs(encode(state.inputs, secrets))
      .setProperties(encode(state.outputs, [...secrets, ...outputs.secrets]));
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const handler = this.handlerOf(request.getUrn());
    const inputs = given(request.getNews());
    const secrets = [...inputs.secrets, ...alwaysSecret(handler)];
    const old = { id: request.getId(), inputs: given(request.getOldInputs()).values, outputs: given(request.getOlds()).values };
    if (request.getPreview()) return new UpdateResponse().setProperties(encode(handler.plan(inputs.values, old), secrets));
    const context = this.operationContext(request);
    const outputs = await keepPartlyDone(inputs, secrets, () => handler.update(old, inputs.values, context));
    return new UpdateResponse().setProperties(encode(outputs, secrets));
  }

  async delete(request: DeleteRequest): Promise<void> {
    const handler = this.handlerOf(request.getUrn());
    const old = { id: request.getId(), inputs: given(request.getOldInputs()).values, outputs: given(request.getProperties()).values };
    await handler.delete(old, this.operationContext(request));
  }

  /** Aborts what is running and what may come after it. */
  cancel(): void {
    this.cancelled.abort(new Error("cancelled"));
  }

  private handlerOf(urn: string): ResourceHandler {
    // The type's last part: a parent's type may stand before it.
    const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const handler = this.handlers.get(token);
    if (!handler) throw new Error(`there is no resource type ${token}; there are ${[...this.handlers.keys()].join(", ")}`);
    return handler;
  }

  private checkContext(urn: string): CheckContext {
    return { urn, name: urn.split("::").slice(3).join("::"), directory: this.directory, randomSeed: new Uint8Array() };
  }

  private operationContext(request: { getUrn(): string; getTimeout(): number }): OperationContext {
    this.cancelled.signal.throwIfAborted();
    const urn = request.getUrn();
    const log = (message: string) => void this.engine.log(urn, message);
    return { urn, directory: this.directory, timeout: request.getTimeout(), signal: this.cancelled.signal, log };
  }
}

/** `changes` as the engine wants them said: once in full and once for those who only know top-level properties. */
export function diffResponse(difference: Difference, ignored: readonly string[], inputs: Properties): DiffResponse {
  const changes = Object.entries(difference.changes).filter(([path]) => !ignored.some((one) => isWithin(path, one)));
  const tops = (list: [string, ChangeKind][]) => [...new Set(list.map(([path]) => topOf(path)))];
  const response = new DiffResponse()
    .setChanges(changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList(tops(changes))
    .setReplacesList(tops(changes.filter(([, kind]) => kind.endsWith("-replace"))))
    .setDeletebeforereplace(difference.deleteBeforeReplace === true)
    .setHasdetaileddiff(true);
  for (const [path, kind] of changes) {
    response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(KINDS[kind]).setInputdiff(topOf(path) in inputs));
  }
  return response;
}

export function checkResponse(inputs: Properties, secrets: Path[], failures: readonly CheckFailure[]): CheckResponse {
  return new CheckResponse()
    .setInputs(encode(inputs, secrets))
    .setFailuresList(failures.map(({ property, reason }) => new CheckFailureMessage().setProperty(property).setReason(reason)));
}

/** What a program leaves out may come as null. */
function given(struct: Struct | undefined): Decoded {
  const { values, secrets } = decode(struct);
  return { values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)), secrets };
}

async function keepPartlyDone<T>(inputs: Decoded, secrets: Path[], operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof PartlyDone ? partlyDoneError(error, inputs.values, secrets) : error;
  }
}

function alwaysSecret(handler: ResourceHandler): Path[] {
  return secretPaths(handler.description);
}

function topOf(path: string): string {
  return /^\["((?:[^"\\]|\\.)*)"\]/.exec(path)?.[1] ?? path.split(/[.[]/, 1)[0]!;
}

function isWithin(path: string, ignored: string): boolean {
  return path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`);
}
