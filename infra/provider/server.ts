/** The gRPC service that Pulumi's engine talks to. */
import { Server, status, type sendUnaryData, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  ConfigureResponse,
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
  type CheckRequest,
  type ConfigureRequest,
  type DiffRequest,
  type GetSchemaRequest,
  type InvokeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { checkConfig, configDescription, hideUnknowns, showUnknowns } from "./config";
import { Connection } from "./connection";
import { changesOf, secretPaths } from "./description";
import { Engine } from "./engine";
import { invoke } from "./functions";
import { countedCalls, listenLocally, pluginMethods, resourceMethods } from "./grpc";
import { createHandlers } from "./handlers";
import { decode } from "./properties";
import { schema } from "./schema";
import { checkResponse, diffResponse, ResourceService } from "./service";

export interface ServerOptions {
  version: string;
  /** The program's folder. */
  directory: string;
  /** Where the engine listens; absent: it attaches later. */
  engineAddress?: string;
}

/** A server on 127.0.0.1; `port` is where. */
export async function startServer(options: ServerOptions): Promise<{ port: number; server: Server; cancel(): void; idle(): boolean }> {
  const { unary, idle } = countedCalls();
  const engine = new Engine(options.engineAddress);
  const connection = new Connection();
  const handlers = createHandlers(connection);
  const resources = new ResourceService(handlers, engine, options.directory);

  const service: UntypedServiceImplementation = {
    ...pluginMethods(unary, engine, options.version),
    getSchema: unary(async (request: GetSchemaRequest) => {
      if (request.getVersion() !== 0) throw new Error(`there is no schema version ${request.getVersion()}, only 0`);
      return new GetSchemaResponse().setSchema(JSON.stringify(schema(handlers, options.version)));
    }),
    checkConfig: unary(async (request: CheckRequest) => {
      const { values, secrets } = decode(request.getNews());
      return checkResponse(hideUnknowns(values), [...secrets, ...secretPaths(configDescription)], checkConfig(values));
    }),
    diffConfig: unary(async (request: DiffRequest) => {
      const old = decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds()).values;
      const news = showUnknowns(decode(request.getNews()).values);
      // Never a replacement: a platform that moved to another port or got another key still has the same entities, and
      // replacing the provider would replace all of them.
      return diffResponse({ changes: changesOf(configDescription, old, news, ["version"]) }, [], { ...old, ...news });
    }),
    configure: unary(async (request: ConfigureRequest) => {
      connection.configure(showUnknowns(decode(request.getArgs()).values));
      return new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setAcceptoutputs(false).setSupportspreview(true);
    }),
    invoke: unary((request: InvokeRequest) => invoke(request, connection)),
    ...resourceMethods(unary, resources),
    getMapping: unary(async () => new GetMappingResponse()),
    getMappings: unary(async () => new GetMappingsResponse()),
    parameterize: notImplemented("parameterize"),
    construct: notImplemented("construct"),
    call: notImplemented("call"),
  };

  // Code travels in both directions; 4 MB, the library's own limit, is less than one action may have.
  const size = 400 * 1024 * 1024;
  const server = new Server({ "grpc.max_receive_message_length": size, "grpc.max_send_message_length": size });
  server.addService(ResourceProviderService, service);
  const port = await listenLocally(server);
  return { port, server, cancel: () => resources.cancel(), idle };
}

function notImplemented(name: string) {
  return (_call: unknown, callback: sendUnaryData<unknown>) => callback({ code: status.UNIMPLEMENTED, details: `the stackwhisk provider has no ${name}` });
}

