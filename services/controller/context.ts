import type { EntityRepository } from "../core/entities/repository";
import type { Logger, OwnerContext } from "../core/owner/context";
import type { Owner } from "../core/owner/owner";
import type { Kinds } from "../core/ports/kinds";
import type { Store } from "../core/ports/store";
import type { Tenants } from "../core/tenants/tenants";
import type { Authenticator } from "./http/auth";
import type { AdminSettings } from "./routes/admin/settings";

/** What the routes work with. */
export interface ControllerContext extends Pick<OwnerContext, "instance" | "now" | "throttle"> {
  store: Store;
  entities: EntityRepository;
  owner: Owner;
  authenticator: Authenticator;
  tenants: Tenants;
  admin: AdminSettings;
  kinds: Kinds;
  logger: Logger;
  /** Of the process that others know the platform by. */
  pid: number;
  /** As `GET /health` and `GET /` tell it. */
  version: string;
  /** False while the process takes no more work. */
  ready(): boolean;
}
