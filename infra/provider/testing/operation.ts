/** For tests of handlers: a connection to a platform, and the context in which the service calls a handler. */
import { Connection } from "../connection";
import type { CheckContext, OperationContext, Properties, ResourceHandler, State } from "../resource";
import { AUTH, type FakePlatform } from "./fakePlatform";

export function connectionTo({ apiHost }: Pick<FakePlatform, "apiHost">): Connection {
  const connection = new Connection();
  connection.configure({ apiHost, auth: AUTH });
  return connection;
}

/** Calls of a handler as the engine makes them: inputs are checked before they are deployed. */
export class Lifecycle {
  readonly context: CheckContext & OperationContext;

  constructor(
    readonly handler: ResourceHandler,
    name: string,
    directory = process.cwd(),
    signal = new AbortController().signal,
  ) {
    const urn = `urn:pulumi:dev::trial::${handler.token}::${name}`;
    this.context = { urn, name, directory, randomSeed: new Uint8Array(), timeout: 0, signal, log: () => undefined };
  }

  check(inputs: Properties, old?: State) {
    return this.handler.check({ ...inputs }, old?.inputs, this.context);
  }

  /** What the check says is wrong, as `property: reason`. */
  async failures(inputs: Properties): Promise<string[]> {
    const { failures } = await this.check(inputs);
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  async create(given: Properties): Promise<State> {
    const inputs = await this.valid(given);
    return { inputs, ...(await this.handler.create(inputs, this.context)) };
  }

  async changes(old: State, given: Properties) {
    return (await this.handler.diff(old, await this.valid(given, old), this.context)).changes;
  }

  async update(old: State, given: Properties): Promise<State> {
    const inputs = await this.valid(given, old);
    return { id: old.id, inputs, outputs: await this.handler.update(old, inputs, this.context) };
  }

  read(old: State): Promise<State | undefined> {
    return this.handler.read(old, this.context);
  }

  import(id: string): Promise<State | undefined> {
    return this.read({ id, inputs: {}, outputs: {} });
  }

  delete(old: State): Promise<void> {
    return this.handler.delete(old, this.context);
  }

  private async valid(given: Properties, old?: State): Promise<Properties> {
    const { inputs, failures } = await this.check(given, old);
    expect(failures).toEqual([]);
    return inputs;
  }
}
