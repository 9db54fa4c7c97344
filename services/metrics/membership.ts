import type { Registry } from "prom-client";
import type { Membership } from "../core/owner/membership";
import { gauges } from "./readings";

/** Processes of the platform that live, as this one sees it. */
export function watchMembership(registry: Registry, membership: Pick<Membership, "count">): void {
  gauges(registry, { name: "stackwhisk_live_instances", help: "Processes of the platform that live, as far as this one knows.", label: "role" }, () => ({
    controller: membership.count("controller"),
    invoker: membership.count("invoker"),
  }));
}
