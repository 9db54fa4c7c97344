import { z } from "zod";
import { platformFields } from "../process/config";

const url = (schemes: string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), `must be a URL such as ${example}`);

/** Settings of a platform of several processes; each of them reads the same file. */
export const distributedConfig = z.strictObject({
  ...platformFields,
  /** Begins all names on the broker, and is the database's unless that has one of its own. */
  name: z.string().regex(/^[A-Za-z][\w-]{0,39}$/, "must be up to 40 letters, digits, _ and -, beginning with a letter").default("stackwhisk"),
  rabbitmq: z.strictObject({ url: url(["amqp:", "amqps:"], "amqp://user:password@host:5672") }),
  mongodb: z.strictObject({
    url: url(["mongodb:", "mongodb+srv:"], "mongodb://user:password@host:27017"),
    database: z.string().regex(/^[\w-]{1,60}$/, "must be up to 60 letters, digits, _ and -").optional(),
  }),
  /** Signs the keys that activations get: the same for all controllers. */
  secret: z.string().min(32, "must have at least 32 characters"),
  /** Processes of each kind. */
  controllers: z.int().min(1).max(64).default(2),
  invokers: z.int().min(1).max(64).default(2),
  /** Where each process serves its health and metrics; 0: any free port. */
  adminHost: z.string().min(1).default("127.0.0.1"),
  adminPort: z.int().min(0).max(65535).default(0),
  /** URL at which actions reach the REST API. @default that of `host` and `port` */
  apiHost: z.url().optional(),
  /** Networks of the actions' containers, as CIDR: for whoever comes from there, there is no admin API. */
  actionNetworks: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
});

export type DistributedConfig = z.output<typeof distributedConfig>;

/** Name of the database. */
export const databaseOf = ({ name, mongodb }: DistributedConfig): string => mongodb.database ?? name;

export const apiHostOf = ({ apiHost, host, port }: DistributedConfig): string => apiHost ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
