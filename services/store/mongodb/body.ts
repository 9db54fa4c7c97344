import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { Binary } from "mongodb";
import { WhiskError } from "../../core/errors";

/**
 * JSON of something that users wrote, as text: as documents of the database their keys ("$set", "a.b", "", "__proto__")
 * would be refused or changed.
 */
export type Body = string | Binary;

/**
 * Characters from which a text is compressed. A record may have 10 MB of logs and 1 MB of result, more as JSON, and a
 * document ends at 16 MB; smaller ones are not worth the time.
 */
const COMPRESSED_FROM = 256 * 1024;
/** Bytes: what a document may have, less room for the columns beside it. */
const MOST = 15 * 1024 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * A promise only for what is large: what is small goes on at once.
 *
 * @throws WhiskError 413 (the promise) when it does not fit into a document even so
 */
export function pack(json: string): Body | Promise<Body> {
  return json.length < COMPRESSED_FROM ? json : compressed(json);
}

async function compressed(json: string): Promise<Body> {
  const bytes = await compress(json, { level: constants.Z_BEST_SPEED });
  if (bytes.length > MOST) throw new WhiskError(413, `Of ${json.length} characters ${bytes.length} bytes remain compressed; the database takes ${MOST} at most.`);
  return new Binary(bytes);
}

/** What was packed, parsed. */
export async function unpack<T>(body: Body): Promise<T> {
  const json = typeof body === "string" ? body : (await decompress(body.value())).toString("utf8");
  return JSON.parse(json) as T;
}

/** Bytes, about. */
export const sizeOf = (body: Body): number => (typeof body === "string" ? body.length : body.length());
