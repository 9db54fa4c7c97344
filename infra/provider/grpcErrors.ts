import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encode, type Path } from "./properties";
import type { PartlyDone, Properties } from "./resource";

/** Shown to the user as it stands: the message, never a stack. */
export function serviceError(error: unknown): Partial<ServiceError> {
  const code = (error as { code?: unknown })?.code;
  const message = error instanceof Error ? error.message : String(error);
  return { code: typeof code === "number" ? code : status.UNKNOWN, details: message, message };
}

/** The form in which the engine takes the state of a resource that exists but is not as it should be. */
export function partlyDoneError(error: PartlyDone, inputs: Properties, secrets: Path[]): Partial<ServiceError> {
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
  return { code: status.UNKNOWN, details: error.message, message: error.message, metadata };
}
