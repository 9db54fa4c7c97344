import { createHash } from "node:crypto";

type Json = Record<string, unknown>;
interface Key {
  id: string;
  secret: string;
  expiresIn?: number;
}

export const ADMIN_KEY = "an-admin-key-of-at-least-32-characters";

/** The admin API over a map in memory, as far as the provider uses it. */
export class FakeAdmin {
  readonly namespaces = new Map<string, { name: string; uuid: string; subject: string; blocked: boolean; limits: Json; keys: Key[] }>();
  /** Names of those that are not empty. */
  readonly filled = new Set<string>();

  answer(method: string, authorization: string | undefined, url: URL, body: Json): [number, unknown] {
    if (authorization !== `Bearer ${ADMIN_KEY}`) return refusal(401, "The admin key is not valid.");
    const [, , , , name = "", keys] = url.pathname.split("/").map(decodeURIComponent);
    const found = this.namespaces.get(name);
    if (method === "PUT") return this.put(name, body, url.searchParams.get("overwrite") !== "false");
    if (!found) return refusal(404, `There is no namespace '${name}'.`);
    if (keys === "keys") {
      const secret = String(body.key);
      found.keys = [...found.keys.filter((key) => key.secret !== secret), { ...keyOf(secret), expiresIn: body.expiresIn as number | undefined }];
      return [201, { ...keyOf(secret), auth: `${found.uuid}:${secret}` }];
    }
    if (method === "DELETE") {
      if (this.filled.has(name) && url.searchParams.get("force") !== "true") return refusal(409, `The namespace '${name}' is not empty (1 action): delete what is in it first, or all of it with 'force=true'.`);
      this.namespaces.delete(name);
    }
    return [200, found];
  }

  private put(name: string, { key, ...wish }: Json, overwrite: boolean): [number, unknown] {
    const old = this.namespaces.get(name);
    if (old && !overwrite) return refusal(409, `The namespace '${name}' exists already.`);
    const made = { name, uuid: "", subject: name, blocked: false, limits: {}, keys: key === undefined ? [] : [keyOf(String(key))], ...old, ...wish };
    this.namespaces.set(name, made);
    return [old ? 200 : 201, made];
  }
}

const keyOf = (secret: string): Key => ({ id: createHash("sha256").update(secret).digest("hex").slice(0, 12), secret });

const refusal = (status: number, error: string): [number, unknown] => [status, { error, code: "x" }];
