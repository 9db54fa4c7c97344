import type { Instance, LeaseStore } from "../../core/ports/lanes";
import type { Documents } from "./documents";
import type { Collections, InstanceDocument } from "./schema";

/** Signs of life, one document for each instance. They are many and soon renewed, so none waits for a disk. */
export class MongoLeases implements LeaseStore {
  private readonly instances: Documents<InstanceDocument>;

  constructor({ instances }: Pick<Collections, "instances">) {
    this.instances = instances;
  }

  async beat({ id, role, beat, admin }: Instance): Promise<void> {
    await this.instances.put({ _id: id, role, beat, admin: admin ?? null });
  }

  async list(): Promise<Instance[]> {
    const found = await this.instances.all();
    return found.map(({ _id, role, beat, admin }) => ({ id: _id, role, beat, ...(admin === null ? {} : { admin }) }));
  }

  async remove(id: string): Promise<void> {
    await this.instances.removeOne(id);
  }
}
