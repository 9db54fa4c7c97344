import { Counter, Gauge, type Registry } from "prom-client";

export interface Reading {
  name: string;
  help: string;
}

/** Values by the value of one label. */
export interface LabelledReading extends Reading {
  label: string;
}

/** A value that may go up and down, read when somebody looks. */
export function gauge(registry: Registry, { name, help }: Reading, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** The same, by one label. What `read` leaves out is not shown. */
export function gauges(registry: Registry, { name, help, label }: LabelledReading, read: () => Record<string, number> | Promise<Record<string, number>>): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      const values = await read();
      this.reset();
      for (const [of, value] of Object.entries(values)) this.set({ [label]: of }, value);
    },
  });
}

/** A number that something counts for itself and that only rises, read when somebody looks. */
export function count(registry: Registry, { name, help }: Reading, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

/** The same, by one label. */
export function counts(registry: Registry, { name, help, label }: LabelledReading, read: () => Record<string, number>): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [of, value] of Object.entries(read())) this.inc({ [label]: of }, value);
    },
  });
}

/** A counter of which all series are there from the beginning: what has never happened is 0 and not missing. */
export function tally<T extends string>(registry: Registry, { name, help, label }: LabelledReading, values: readonly T[]): Record<T, () => void> {
  const counter = new Counter({ name, help, labelNames: [label], registers: [registry] });
  const children = values.map((value) => {
    const child = counter.labels(value);
    child.inc(0);
    return [value, () => child.inc()] as const;
  });
  return Object.fromEntries(children) as Record<T, () => void>;
}
