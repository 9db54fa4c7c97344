import { adminCommand, answered } from "./connection";

interface Key {
  id: string;
  /** ISO 8601; absent: given by the platform's configuration. */
  created?: string;
  /** ISO 8601; absent: good until it is removed. */
  expires?: string;
  /** `uuid:key`, of one that was made now. */
  auth?: string;
}

/** Seconds. */
const OVERLAP = 3600;

export const keys = adminCommand({
  name: "keys",
  summary: "list the keys of a namespace, without their secrets",
  example: "admin keys team",
  async run(context, api, [name = ""]) {
    const found = await answered<Key[]>(`Unable to list keys of namespace '${name}'`, api.call("GET", name, ["keys"]));
    const line = (id: string, created: string, expires: string) => `${id.padEnd(12)} ${created.padEnd(24)} ${expires}\n`;
    const rows = found.map(({ id, created = "configuration", expires = "never" }) => line(id, created, expires));
    return { text: context.style.bold(line("Key", "Created", "Expires")) + rows.join(""), json: found };
  },
});

export const addKey = adminCommand({
  name: "add-key",
  summary: "add a key and show it; those that there are stay good",
  example: "admin add-key team --expires-in 86400",
  options: [{ flags: "--expires-in <SECONDS>", text: "how long it is good (until it is removed if not given)", number: true }],
  async run(context, api, [name = ""], options) {
    const { expiresIn } = options;
    const body = expiresIn === undefined ? {} : { expiresIn };
    const added = await answered<Key>(`Unable to add a key to namespace '${name}'`, api.call("POST", name, ["keys"], {}, body));
    return { text: `${context.style.ok} added key ${context.style.bold(added.id)} to namespace ${context.style.bold(name)}\n${added.auth}\n`, json: added };
  },
});

export const rotateKey = adminCommand({
  name: "rotate-key",
  summary: "add a key and show it; all others end after a while",
  example: "admin rotate-key team --overlap 86400",
  options: [{ flags: "--overlap <SECONDS>", text: `how long the others stay good (${OVERLAP} if not given)`, number: true }],
  async run(context, api, [name = ""], options) {
    const { overlap: othersExpireIn = OVERLAP } = options;
    const added = await answered<Key>(`Unable to rotate the key of namespace '${name}'`, api.call("POST", name, ["keys"], {}, { othersExpireIn }));
    const { ok, bold } = context.style;
    return { text: `${ok} rotated key of namespace ${bold(name)}: ${bold(added.id)} is good now, others end in ${othersExpireIn} s\n${added.auth}\n`, json: added };
  },
});

export const removeKey = adminCommand({
  name: "remove-key",
  args: "NAMESPACE KEY",
  summary: "remove a key by its id: it opens nothing any more",
  example: "admin remove-key team 3f0a6c1d2b4e",
  arity: [2, 2, "A namespace and the id of a key are required."],
  async run(context, api, [name = "", id = ""]) {
    const left = await answered<unknown>(`Unable to remove key '${id}' of namespace '${name}'`, api.call("DELETE", name, ["keys", id]));
    return { text: `${context.style.ok} removed key ${context.style.bold(id)} of namespace ${context.style.bold(name)}\n`, json: left };
  },
});
