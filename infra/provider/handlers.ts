import type { Connection } from "./connection";
import type { ResourceHandler } from "./resource";

/** Every resource type of the provider. `connection` is the platform that application resources live on. */
export function createHandlers(_connection: Connection): ResourceHandler[] {
  return [];
}
