import type { Metric, MetricValueWithName, Registry } from "prom-client";

/** Upper bounds of the buckets of whatever may take from a warm run's time to that of the longest. Seconds. */
export const DURATIONS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Durations with one set of label values. */
export interface Timer {
  /** @param milliseconds what is below zero, because clocks differ, counts as none */
  observe(milliseconds: number): void;
}

/**
 * A Prometheus histogram of durations, in seconds. prom-client's own takes 0.6 µs for each observation with labels, and an
 * activation has several: this one takes some hundredths of that, and builds what is shown when it is asked for.
 */
export class Timings<L extends string = never> {
  readonly name: string;
  readonly help: string;
  private readonly timers: { labels: Record<L, string>; timer: Buckets }[] = [];

  constructor(
    registry: Registry,
    { name, help }: { name: string; help: string },
    private readonly bounds: readonly number[] = DURATIONS,
  ) {
    this.name = name;
    this.help = help;
    // The registry asks no more of a metric than its name and values; the declared type lists prom-client's own classes.
    registry.registerMetric(this as unknown as Metric);
  }

  /** To be kept by whoever observes: each call makes a series. */
  timer(labels: Record<L, string>): Timer {
    const timer = new Buckets(this.bounds);
    this.timers.push({ labels, timer });
    return timer;
  }

  /** For the registry. */
  async get() {
    return { name: this.name, help: this.help, type: "histogram", aggregator: "sum", values: this.timers.flatMap(({ labels, timer }) => timer.series(this.name, labels)) };
  }
}

class Buckets implements Timer {
  /** By index of the bound; the last one is for what exceeds them all. */
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(milliseconds: number): void {
    const seconds = milliseconds > 0 ? milliseconds / 1000 : 0;
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && seconds > bounds[index]!) index++;
    this.counts[index]!++;
    this.sum += seconds;
  }

  /** As Prometheus wants it: each bucket has what is in those before it too. */
  series(name: string, labels: Record<string, string>): MetricValueWithName<string>[] {
    let count = 0;
    const buckets = Array.from(this.counts, (part, index) => {
      count += part;
      return { metricName: `${name}_bucket`, labels: { le: this.bounds[index] ?? "+Inf", ...labels }, value: count };
    });
    return [...buckets, { metricName: `${name}_sum`, labels, value: this.sum }, { metricName: `${name}_count`, labels, value: count }];
  }
}
