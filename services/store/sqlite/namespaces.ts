import type { DatabaseSync, StatementSync } from "node:sqlite";
import { conflict } from "../../core/errors";
import { isInState, type Namespace, type NamespaceState, type NamespaceStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";

/** Each namespace is one JSON text, beside the columns by which it is found. */
export class SqliteNamespaces implements NamespaceStore {
  private readonly upsert: StatementSync;
  private readonly selectByUuid: StatementSync;
  private readonly selectByName: StatementSync;
  private readonly selectList: StatementSync;
  private readonly selectCount: StatementSync;
  private readonly delete: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.upsert = database.prepare(`
      INSERT INTO namespaces (name, uuid, namespace) VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET uuid = excluded.uuid, namespace = excluded.namespace`);
    this.selectByUuid = database.prepare("SELECT namespace FROM namespaces WHERE uuid = ?");
    this.selectByName = database.prepare("SELECT namespace FROM namespaces WHERE name = ?");
    this.selectList = database.prepare("SELECT namespace FROM namespaces ORDER BY name LIMIT ? OFFSET ?");
    this.selectCount = database.prepare("SELECT count(*) AS total FROM namespaces");
    this.delete = database.prepare("DELETE FROM namespaces WHERE name = ?");
  }

  async byUuid(uuid: string): Promise<Namespace | undefined> {
    return namespaceOf(this.selectByUuid.get(uuid));
  }

  async byName(name: string): Promise<Namespace | undefined> {
    return namespaceOf(this.selectByName.get(name));
  }

  /** @throws WhiskError 409 when the uuid belongs to a namespace of another name */
  put(namespace: Namespace): Promise<boolean> {
    const { name, uuid, rev } = namespace;
    const json = JSON.stringify(namespace);
    const work = () => {
      const owner = namespaceOf(this.selectByUuid.get(uuid));
      if (owner && owner.name !== name) throw conflict(`The uuid of namespace '${name}' belongs to namespace '${owner.name}': give it another.`);
      const present = namespaceOf(this.selectByName.get(name));
      if (rev === 1 ? present : !isInState(present, { ...namespace, rev: rev - 1 })) return false;
      this.upsert.run(name, uuid, json);
      return true;
    };
    return this.batcher.write(work, { durable: true });
  }

  async list({ limit, skip }: { limit: number; skip: number }): Promise<Namespace[]> {
    return this.selectList.all(limit || -1, skip).map((row) => namespaceOf(row)!);
  }

  async count(): Promise<number> {
    return (this.selectCount.get() as { total: number }).total;
  }

  remove(state: NamespaceState): Promise<boolean> {
    const { name } = state;
    const work = () => isInState(namespaceOf(this.selectByName.get(name)), state) && this.delete.run(name).changes === 1;
    return this.batcher.write(work, { durable: true });
  }
}

const namespaceOf = (row: Record<string, unknown> | undefined): Namespace | undefined =>
  row && (JSON.parse(row["namespace"] as string) as Namespace);
