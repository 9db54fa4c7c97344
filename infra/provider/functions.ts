import { InvokeResponse, type InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { Connection } from "./connection";

/** Functions that a program may call on the provider: none yet. */
export async function invoke(request: InvokeRequest, _connection: Connection): Promise<InvokeResponse> {
  throw new Error(`${request.getTok()} is not a function of the stackwhisk provider`);
}
