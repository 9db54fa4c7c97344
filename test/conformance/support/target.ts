import { TestDistributed } from "../../support/distributed";
import { TestMongo } from "../../support/mongodb";
import { GUEST, TestPlatform } from "../../support/platform";
import { TestRabbitMq } from "../../support/rabbitmq";

/** A server under test. */
export interface Server {
  apiHost: string;
  auth: string;
  /** Key of a second namespace. */
  authOther?: string;
  /** Of the admin API, which makes namespaces. */
  adminKey?: string;
  dispose(): Promise<void>;
}

/** Where a server is had from, and what is known of it before it is there. */
export interface Target {
  start(): Promise<Server>;
  /** It has a second namespace, whose key is known. */
  hasOther: boolean;
  /** It can make namespaces with limits. */
  hasAdmin: boolean;
  /** Families of runtimes that it has. */
  families: readonly string[];
}

const OTHER = { name: "other", uuid: "aaaaaaaa-71f6-4ed5-8c54-816aa4f8c502", key: "o".repeat(64) };
const OF_OURS = { hasOther: true, hasAdmin: true, families: ["nodejs", "python"] };
/** Limits that no check reaches, and that can be exceeded by a number. */
const LIMITS = { concurrentInvocations: 500, invocationsPerMinute: 60_000, firesPerMinute: 60_000 };
const ADMIN_KEY = "a".repeat(64);
const SETTINGS = { namespaces: [GUEST, OTHER], allowSharedProcesses: true, limits: LIMITS, adminKey: ADMIN_KEY };
const authOther = `${OTHER.uuid}:${OTHER.key}`;

export const embedded: Target = {
  ...OF_OURS,
  async start() {
    const platform = await TestPlatform.start(SETTINGS);
    return { apiHost: platform.apiHost, auth: platform.auth, authOther, adminKey: ADMIN_KEY, dispose: () => platform.dispose() };
  },
};

/** Two controllers and two invokers on RabbitMQ and a server of MongoDB's protocol. */
export const distributed: Target = {
  ...OF_OURS,
  async start() {
    const platform = await TestDistributed.start({ rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared(), config: { ...SETTINGS, memory: 2048 } });
    return { apiHost: platform.apiHost, auth: platform.auth, authOther, adminKey: ADMIN_KEY, dispose: () => platform.dispose() };
  },
};

/** The server that the environment names, if it names one. */
export function named({ APIHOST, AUTH, AUTH_OTHER, ADMIN_KEY, FAMILIES }: NodeJS.ProcessEnv): Target | undefined {
  if (!APIHOST) return undefined;
  if (!AUTH) throw new Error("AUTH is missing: the key of a namespace of the server of APIHOST");
  const apiHost = (APIHOST.includes("://") ? APIHOST : `https://${APIHOST}`).replace(/\/$/, "");
  return {
    hasOther: Boolean(AUTH_OTHER),
    hasAdmin: Boolean(ADMIN_KEY),
    families: FAMILIES?.split(",") ?? ["nodejs"],
    start: () => Promise.resolve({ apiHost, auth: AUTH, ...(AUTH_OTHER && { authOther: AUTH_OTHER }), ...(ADMIN_KEY && { adminKey: ADMIN_KEY }), dispose: () => Promise.resolve() }),
  };
}
