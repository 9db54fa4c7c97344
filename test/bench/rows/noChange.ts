import { Checkout, prepareToolchain } from "../../support/checkout";
import { disposedOf } from "../cleanup";
import { quantiles } from "../load";
import type { Row } from "../row";

/** `pulumi up` when there is nothing to do: what a person waits for again and again. */
export async function noChange(): Promise<Row[]> {
  prepareToolchain();
  const checkout = disposedOf(await Checkout.create());
  try {
    const up = ["pulumi", "up", "--yes", "--non-interactive"];
    await checkout.must(...up);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const begin = performance.now();
      await checkout.must(...up);
      times.push((performance.now() - begin) / 1000);
    }
    const { p50 } = quantiles(times);
    return [{ measure: "pulumi up of the platform, no change", result: `${p50.toFixed(1)} s, with its preview`, target: "≤ 4 s", reached: p50 <= 4, figures: { seconds: p50 } }];
  } finally {
    await checkout.dispose();
  }
}
