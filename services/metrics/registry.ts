import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

/**
 * What one process measures: at first what every program does (CPU, memory, event loop, under their usual names), and
 * which program it is.
 */
export function createRegistry(role: string, version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: "stackwhisk_build_info", help: "Always 1; its labels say what runs.", labelNames: ["role", "version"], registers: [registry] }).set({ role, version }, 1);
  return registry;
}
