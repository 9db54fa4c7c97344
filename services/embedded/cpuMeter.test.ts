import { CpuMeter, parseProcStat } from "./cpuMeter";

test("the first line of /proc/stat is split into busy and all time", () => {
  expect(parseProcStat("cpu  10 1 5 80 4 2 3 1 0 0\ncpu0 5 0 2 40 2 1 1 0 0 0\n")).toEqual({ busy: 22, total: 106 });
});

test("the utilization is that of the time since the last reading, which is good for 200 ms", () => {
  let now = 0;
  let ticks = { busy: 1000, total: 2000 };
  const meter = new CpuMeter(
    () => now,
    () => ticks,
  );
  expect(meter.utilization()).toBe(0);
  now = 200;
  ticks = { busy: 1030, total: 2040 };
  expect(meter.utilization()).toBe(0.75);
  now = 399;
  ticks = { busy: 1030, total: 2200 };
  expect(meter.utilization()).toBe(0.75);
  now = 400;
  expect(meter.utilization()).toBe(0);
});

test("the real machine has a utilization between none and all", () => {
  let now = 0;
  const meter = new CpuMeter(() => now);
  now = 1000;
  expect(meter.utilization()).toBeGreaterThanOrEqual(0);
  expect(meter.utilization()).toBeLessThanOrEqual(1);
});
