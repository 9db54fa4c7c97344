/**
 * A test double of Pulumi's Docker plugin: it drives the real Docker for the few resource types that the platform uses, with the
 * properties that it uses. Like the real one it is started by Pulumi's engine and prints the port that it listens on.
 */
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type CheckRequest, CheckResponse, type ConfigureRequest, ConfigureResponse, DiffResponse, ProviderHandshakeResponse, type ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Engine } from "../../../infra/provider/engine";
import { decode } from "../../../infra/provider/properties";
import { serviceError } from "../../../infra/provider/grpcErrors";
import { ResourceService } from "../../../infra/provider/service";
import { ContainerHandler } from "./container";
import { RemoteImageHandler } from "./image";
import { NetworkHandler, VolumeHandler } from "./networkAndVolume";

console.log = console.info = console.debug = console.error;

const unary =
  <Request, Response>(method: (request: Request) => Promise<Response>) =>
  (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) =>
    void method(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(error)),
    );

async function main(): Promise<void> {
  const engine = new Engine(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
  const handlers = [new NetworkHandler(), new VolumeHandler(), new RemoteImageHandler(), new ContainerHandler()];
  const resources = new ResourceService(handlers, engine, process.cwd());
  const service: UntypedServiceImplementation = {
    handshake: unary(async (request: ProviderHandshakeRequest) => {
      engine.attach(request.getEngineAddress());
      return new ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(false);
    }),
    attach: unary(async (request: PluginAttach) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => new PluginInfo().setVersion("5.2.0")),
    checkConfig: unary(async (request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(async () => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(async (request: ConfigureRequest) => {
      const { host } = decode(request.getArgs()).values;
      // Where the client of `docker` looks for the engine.
      if (typeof host === "string") process.env.DOCKER_HOST = host;
      return new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    }),
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
  };
  const server = new Server({ "grpc.max_receive_message_length": 64 * 1024 * 1024 });
  server.addService(ResourceProviderService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(1), 1_000).unref();
  process.stdout.write(`${port}\n`);
}

void main();
