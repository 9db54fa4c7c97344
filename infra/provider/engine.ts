/** The other direction: what the provider says to the engine that started it. */
import { credentials } from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

export class Engine {
  private client: Promise<EngineClient> | undefined;

  constructor(private address?: string) {}

  attach(address: string): void {
    if (address === "" || address === this.address) return;
    this.address = address;
    this.client = undefined;
  }

  /** Shows a message beside the resource; without an engine it is dropped. */
  async log(urn: string, message: string): Promise<void> {
    if (!this.address) return;
    const { LogRequest, LogSeverity } = await import("@pulumi/pulumi/proto/engine_pb");
    const client = await (this.client ??= connect(this.address));
    const request = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(message).setUrn(urn).setEphemeral(true);
    // A message that is lost must not fail the operation that it tells about.
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }
}

async function connect(address: string): Promise<EngineClient> {
  // Loaded when there is something to say: most runs of the provider have nothing.
  const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb");
  return new EngineClient(address, credentials.createInsecure());
}
