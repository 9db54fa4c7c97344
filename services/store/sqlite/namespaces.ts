import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Namespace, NamespaceStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";

export class SqliteNamespaces implements NamespaceStore {
  private readonly upsert: StatementSync;
  private readonly selectByUuid: StatementSync;
  private readonly selectByName: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.upsert = database.prepare(`
      INSERT INTO namespaces (name, uuid, namespace) VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET uuid = excluded.uuid, namespace = excluded.namespace`);
    this.selectByUuid = database.prepare("SELECT namespace FROM namespaces WHERE uuid = ?");
    this.selectByName = database.prepare("SELECT namespace FROM namespaces WHERE name = ?");
  }

  async byUuid(uuid: string): Promise<Namespace | undefined> {
    return namespaceOf(this.selectByUuid.get(uuid));
  }

  async byName(name: string): Promise<Namespace | undefined> {
    return namespaceOf(this.selectByName.get(name));
  }

  /** Rejects when the uuid belongs to a namespace of another name. */
  async put(namespace: Namespace): Promise<void> {
    const json = JSON.stringify(namespace);
    await this.batcher.write(() => this.upsert.run(namespace.name, namespace.uuid, json), { durable: true });
  }
}

const namespaceOf = (row: Record<string, unknown> | undefined): Namespace | undefined =>
  row && (JSON.parse(row["namespace"] as string) as Namespace);
