import { createHash } from "node:crypto";

/** Addresses of a platform on its engine's machine. */
export interface Addresses {
  /** The network of broker, database, controllers and load balancer, as CIDR. */
  platform: string;
  /** The network of actions, as CIDR. */
  actions: string;
  /** Of the machine in the network of actions: where they reach the API. */
  gateway: string;
  rabbitmq: string;
  mongodb: string;
  /** Where an invoker tells the machine how it is; each has a loopback address of its own, so that no two want the same port. */
  invoker(index: number): string;
}

/**
 * Addresses that stay: invokers are on the machine's own network, where Docker resolves no names. They are chosen by the platform's
 * name among 4096 pairs of networks in 10.64.0.0/11, which hardly anything else uses.
 *
 * @param networks to choose others, as CIDR of /24
 */
export function addressesOf(platform: string, networks: { platform?: string; actions?: string } = {}): Addresses {
  const [first = 0, second = 0] = createHash("sha256").update(platform).digest();
  const [a, b] = [64 + (first % 32), second & 0xfe];
  const own = networks.platform ?? `10.${a}.${b}.0/24`;
  const actions = networks.actions ?? `10.${a}.${b + 1}.0/24`;
  return {
    platform: own,
    actions,
    gateway: within(actions, 1),
    rabbitmq: within(own, 2),
    mongodb: within(own, 3),
    invoker: (index) => `127.${a}.${b}.${index + 1}`,
  };
}

/** An address of a network of /24. */
export const within = (network: string, host: number): string => network.replace(/\d+\/\d+$/, String(host));
