import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encode, type Path } from "./properties";
import type { PartlyDone, Properties } from "./resource";

/** An error in the form in which gRPC sends it. */
class RpcError extends Error {
  readonly code = status.UNKNOWN;

  constructor(
    readonly details: string,
    readonly metadata: Metadata = new Metadata(),
  ) {
    super(details);
  }
}

/** Shown to the user as it stands: the message, never a stack. */
export function serviceError(error: unknown): Partial<ServiceError> {
  if (error instanceof RpcError) return error;
  return new RpcError((error as Partial<Error>)?.message ?? String(error));
}

/** The form in which the engine takes the state of a resource that exists but is not as it should be. */
export function partlyDoneError(error: PartlyDone, inputs: Properties, secrets: Path[]): Error {
  const detail = new ErrorResourceInitFailed()
    .setId(error.state.id)
    .setProperties(encode(error.state.outputs, secrets))
    .setInputs(encode(inputs, secrets))
    .setReasonsList([error.message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status().setCode(status.UNKNOWN).setMessage(error.message).addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return new RpcError(error.message, metadata);
}
