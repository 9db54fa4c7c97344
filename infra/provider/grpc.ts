import { type Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ProviderHandshakeResponse, type ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Engine } from "./engine";
import { serviceError } from "./grpcErrors";
import type { ResourceService } from "./service";

type Unary = <Request, Response>(method: (request: Request) => Promise<Response>) => (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

/** Makes methods of a gRPC service of functions; `idle`: all that were called have been answered. */
export function countedCalls(): { unary: Unary; idle(): boolean } {
  let calls = 0;
  const unary: Unary = (method) => (call, callback) => {
    calls++;
    method(call.request)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      )
      .finally(() => calls--);
  };
  return { unary, idle: () => calls === 0 };
}

/** The methods by which the engine and a provider find each other. */
export const pluginMethods = (unary: Unary, engine: Engine, version: string): UntypedServiceImplementation => ({
  handshake: unary(async (request: ProviderHandshakeRequest) => {
    engine.attach(request.getEngineAddress());
    return new ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(false);
  }),
  attach: unary(async (request: PluginAttach) => {
    engine.attach(request.getAddress());
    return new Empty();
  }),
  getPluginInfo: unary(async () => new PluginInfo().setVersion(version)),
});

/** The methods of a provider that are about its resources. */
export const resourceMethods = (unary: Unary, resources: ResourceService): UntypedServiceImplementation => ({
  check: unary(resources.check.bind(resources)),
  diff: unary(resources.diff.bind(resources)),
  create: unary(resources.create.bind(resources)),
  read: unary(resources.read.bind(resources)),
  update: unary(resources.update.bind(resources)),
  delete: unary(async (request: Parameters<typeof resources.delete>[0]) => {
    await resources.delete(request);
    return new Empty();
  }),
  cancel: unary(async () => {
    resources.cancel();
    return new Empty();
  }),
});

/** Resolves with the port of 127.0.0.1 on which it listens. */
export function listenLocally(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}
