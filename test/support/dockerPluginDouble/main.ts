/**
 * A test double of Pulumi's Docker plugin: it drives the real Docker for the few resource types that the platform uses, with the
 * properties that it uses. Like the real one it is started by Pulumi's engine and prints the port that it listens on.
 */
import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type CheckRequest, CheckResponse, type ConfigureRequest, ConfigureResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Engine } from "../../../infra/provider/engine";
import { countedCalls, listenLocally, pluginMethods, resourceMethods } from "../../../infra/provider/grpc";
import { decode } from "../../../infra/provider/properties";
import { ResourceService } from "../../../infra/provider/service";
import { ContainerHandler } from "./container";
import { RemoteImageHandler } from "./image";
import { NetworkHandler, VolumeHandler } from "./networkAndVolume";

console.log = console.info = console.debug = console.error;

async function main(): Promise<void> {
  const { unary } = countedCalls();
  const engine = new Engine(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
  const handlers = [new NetworkHandler(), new VolumeHandler(), new RemoteImageHandler(), new ContainerHandler()];
  const resources = new ResourceService(handlers, engine, process.cwd());
  const service: UntypedServiceImplementation = {
    ...pluginMethods(unary, engine, "5.2.0"),
    checkConfig: unary(async (request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(async () => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(async (request: ConfigureRequest) => {
      const { host } = decode(request.getArgs()).values;
      // Where the client of `docker` looks for the engine.
      if (typeof host === "string") process.env.DOCKER_HOST = host;
      return new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    }),
    ...resourceMethods(unary, resources),
  };
  const server = new Server({ "grpc.max_receive_message_length": 64 * 1024 * 1024 });
  server.addService(ResourceProviderService, service);
  const port = await listenLocally(server);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(1), 1_000).unref();
  process.stdout.write(`${port}\n`);
}

void main();
