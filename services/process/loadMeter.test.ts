import { LoadMeter, parseProcStat } from "./loadMeter";

test("the first line of /proc/stat is split into busy and all time", () => {
  expect(parseProcStat("cpu  10 1 5 80 4 2 3 1 0 0\ncpu0 5 0 2 40 2 1 1 0 0 0\n")).toEqual({ busy: 22, total: 106 });
});

test("the utilization is that of processors or event loop, whichever is more, since the last reading, which is good for 200 ms", () => {
  let now = 0;
  let ticks = { busy: 1000, total: 2000 };
  let loop = 0.5;
  const meter = new LoadMeter(
    () => now,
    () => ticks,
    () => ({ idle: 0, active: 0, utilization: loop }),
  );
  expect(meter.utilization()).toBe(0);
  now = 200;
  ticks = { busy: 1030, total: 2040 };
  expect(meter.utilization()).toBe(0.75);
  now = 399;
  ticks = { busy: 1030, total: 2200 };
  expect(meter.utilization()).toBe(0.75);
  now = 400;
  expect(meter.utilization()).toBe(0.5);
  now = 600;
  loop = 0.99;
  expect(meter.utilization()).toBe(0.99);
});

test("the real machine has a utilization between none and all", () => {
  let now = 0;
  const meter = new LoadMeter(() => now);
  now = 1000;
  expect(meter.utilization()).toBeGreaterThanOrEqual(0);
  expect(meter.utilization()).toBeLessThanOrEqual(1);
});
