import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import { tooLarge } from "./tooLarge";
import { transactionOf } from "./transaction";

/** Every refusal has this shape; `code` is the transaction id, as in OpenWhisk. */
export function sendError(response: Response, status: number, message: string): void {
  response.status(status).json({ error: message, code: transactionOf(response) });
}

/** What a library's error about a request means for the caller. */
interface HttpError {
  name?: string;
  status?: number;
  type?: string;
  limit?: number;
  length?: number;
  received?: number;
  message: string;
}

export function errorHandler(logger: Logger) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = error instanceof WhiskError ? error : refusalOf(error as HttpError);
    if (refusal) {
      sendError(response, refusal.status, refusal.message);
      return;
    }
    const { message, stack } = error as Error;
    logger.error({ transactionId: transactionOf(response), method: request.method, path: request.path, error: message, stack }, "a request failed");
    sendError(response, 500, "There was an internal server error.");
  };
}

/** Errors of Express's own middleware (body, URL decoding) are the caller's. */
function refusalOf({ name, status, type, limit = 0, length, received = limit, message }: HttpError): WhiskError | undefined {
  if (type === "entity.too.large") return tooLarge(length ?? received, limit);
  if (type === "encoding.unsupported") return new WhiskError(415, message);
  // The client was gone before its body was asked for.
  if (type === "stream.not.readable") return malformed(message);
  if (status === 400 && name !== "URIError") return malformed(message);
  if (status !== undefined && status >= 400 && status < 500) return new WhiskError(status, message);
  return undefined;
}

const malformed = (reason: string) => new WhiskError(400, `The request content was malformed:\n${reason}`);

export function notFoundHandler(_request: Request, response: Response): void {
  sendError(response, 404, "The requested resource could not be found.");
}
