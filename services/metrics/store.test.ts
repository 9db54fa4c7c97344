import { Registry } from "prom-client";
import { OUTCOMES } from "../core/model/activation";
import { MemoryStore } from "../core/testing/memoryStore";
import { observeStore } from "./store";
import { activation } from "../store/contract/samples";
import { samplesOf, valuesOf } from "./testing/samples";

/** A clock that goes on by so much with each look at it. Milliseconds. */
function ticking(step: number): () => number {
  let now = 0;
  return () => (now += step);
}

test("reads and writes are timed for each part of the store, and answer as before", async () => {
  const registry = new Registry();
  const store = observeStore(registry, new MemoryStore(), ticking(20));
  const namespace = { name: "guest", uuid: "u", subject: "s", keys: [], blocked: false, limits: {}, rev: 1 };
  await store.namespaces.put(namespace);
  expect(await store.namespaces.byName("guest")).toEqual(namespace);
  expect(await store.namespaces.byUuid("u")).toEqual(namespace);
  expect(await store.code.get("nothing")).toBeUndefined();
  const samples = samplesOf(await registry.metrics());
  const counted = (operation: string, part: string) => samples[`stackwhisk_store_operation_seconds_count{operation="${operation}",part="${part}"}`];
  expect([counted("read", "namespaces"), counted("write", "namespaces"), counted("read", "code"), counted("write", "code")]).toEqual([2, 1, 1, 0]);
  expect(samples['stackwhisk_store_operation_seconds_sum{operation="read",part="namespaces"}']).toBeCloseTo(0.04);
});

test("an operation that fails is counted, not timed, and fails as before", async () => {
  const registry = new Registry();
  const inner = new MemoryStore();
  inner.code.put = () => Promise.reject(new Error("disk full"));
  const store = observeStore(registry, inner);
  await expect(store.code.put("sha", "code")).rejects.toThrow("disk full");
  const text = await registry.metrics();
  expect(valuesOf(text, "stackwhisk_store_errors_total")).toEqual({ 'stackwhisk_store_errors_total{operation="read"}': 0, 'stackwhisk_store_errors_total{operation="write"}': 1 });
  expect(samplesOf(text)['stackwhisk_store_operation_seconds_count{operation="write",part="code"}']).toBe(0);
});

test("each activation is counted once, by whoever was first with its record", async () => {
  const registry = new Registry();
  const store = observeStore(registry, new MemoryStore());
  const records = OUTCOMES.map((_, statusCode) => activation({ response: { statusCode: statusCode as 0 | 1 | 2 | 3, result: {} } }));
  for (const record of [...records, ...records, activation()]) await store.activations.insert(record);
  expect(valuesOf(await registry.metrics(), "stackwhisk_activation_records_total")).toEqual({
    'stackwhisk_activation_records_total{outcome="success"}': 2,
    'stackwhisk_activation_records_total{outcome="application_error"}': 1,
    'stackwhisk_activation_records_total{outcome="action_developer_error"}': 1,
    'stackwhisk_activation_records_total{outcome="whisk_internal_error"}': 1,
  });
});
