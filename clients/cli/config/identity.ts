import { readFileSync } from "node:fs";
import path from "node:path";
import { createSecureContext } from "node:tls";
import type { Identity } from "../api/transport";
import { usageError } from "../errors";
import type { Settings } from "./settings";

/**
 * The certificate with which the client says who it is; undefined if none is configured.
 *
 * @param insecure whether half a configuration is passed over, as with the official CLI
 * @throws CliError if only one of the two files is configured, or they cannot be used
 */
export function identityFrom({ cert, key }: Settings, insecure: boolean, cwd: string): Identity | undefined {
  if (cert && key) return loaded(path.resolve(cwd, cert), path.resolve(cwd, key));
  if (key && !insecure) throw unusable("The Cert file is not configured. Please configure the missing Cert file.");
  if (cert && !insecure) throw unusable("The Key file is not configured. Please configure the missing Key file.");
  return undefined;
}

const unusable = (why: string) => usageError(`Unable to initialize server connection: ${why}`);

function loaded(certFile: string, keyFile: string): Identity {
  try {
    const identity = { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    createSecureContext(identity);
    // Without any certificate in it OpenSSL takes a file for a valid one.
    if (!identity.cert.includes("-----BEGIN") || !identity.key.includes("-----BEGIN")) throw new Error("there is no PEM in the files");
    return identity;
  } catch (failure) {
    throw unusable(`Unable to load the X509 key pair due to the following reason: ${(failure as Error).message}`);
  }
}
