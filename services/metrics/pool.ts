import type { Registry } from "prom-client";
import type { ContainerPool } from "../invoker/pool/pool";
import { counts, gauge, gauges } from "./readings";

const MB = 1024 * 1024;

/** Containers, and what waits for them. */
export function watchPool(registry: Registry, pool: Pick<ContainerPool, "occupancy" | "starts" | "failures">): void {
  counts(registry, { name: "stackwhisk_container_starts_total", help: "Runs that got a container: a new one (cold), one of the kind that was ready (prewarmed), or one that had the code (warm).", label: "kind" }, () => pool.starts);
  counts(registry, { name: "stackwhisk_container_failures_total", help: "Containers that did not come up (start), and those that ended by themselves (died).", label: "kind" }, () => pool.failures);
  gauges(registry, { name: "stackwhisk_containers", help: "Containers by what they do.", label: "state" }, () => {
    const { busy, idle, prewarmed, starting } = pool.occupancy;
    return { busy, idle, prewarmed, starting };
  });
  gauge(registry, { name: "stackwhisk_container_memory_limit_bytes", help: "Memory for all containers together." }, () => pool.occupancy.memory * MB);
  gauge(registry, { name: "stackwhisk_container_memory_used_bytes", help: "Memory that is given away, to containers that start too." }, () => pool.occupancy.used * MB);
  gauge(registry, { name: "stackwhisk_runs_waiting", help: "Runs that wait for a container here." }, () => pool.occupancy.waiting);
}

/** Outcomes that wait for the store. */
export function watchRecords(registry: Registry, invoker: { readonly unstored: number }): void {
  gauge(registry, { name: "stackwhisk_records_buffered", help: "Outcomes of runs that are not in the store yet." }, () => invoker.unstored);
}
