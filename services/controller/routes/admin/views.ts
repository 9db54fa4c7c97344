import { limitsView, type NamespaceLimits } from "../../../core/model/namespaceLimits";
import type { Namespace, NamespaceKey } from "../../../core/ports/store";

/** A key without what would open anything. Times as in ISO 8601. */
export const keyView = ({ id, created, expires }: NamespaceKey) => ({
  id,
  ...(created > 0 ? { created: new Date(created).toISOString() } : {}),
  ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
});

/** @param secret of a key that was given or made now */
export const namespaceView = ({ name, uuid, subject, blocked, limits, keys }: Namespace, secret?: string) => ({
  name,
  uuid,
  subject,
  blocked,
  limits,
  keys: keys.map(keyView),
  ...(secret === undefined ? {} : { auth: `${uuid}:${secret}` }),
});

export const namespaceSummary = ({ name, uuid, subject, blocked, limits, keys }: Namespace) => ({ name, uuid, subject, blocked, limits, keys: keys.length });

/** Beside its own limits those that hold for it. */
export const namespaceDetails = (namespace: Namespace, limits: NamespaceLimits) => ({ ...namespaceView(namespace), effectiveLimits: limitsView(limits) });
