import { TestDistributed } from "../support/distributed";
import { TestMongo } from "../support/mongodb";
import { TestPlatform } from "../support/platform";
import { TestRabbitMq } from "../support/rabbitmq";
import { scrape } from "../support/scrape";
import { describeWithServers } from "../support/servers";
import { TENANTS_CONFIG, tenantCases } from "./cases/tenants";

describe("namespaces of an embedded platform", () => {
  tenantCases(async () => {
    const platform = await TestPlatform.start(TENANTS_CONFIG);
    const underWay = async () => {
      const { 'stackwhisk_containers{state="busy"}': busy = 0, stackwhisk_runs_waiting: waiting = 0 } = await scrape(platform);
      return busy + waiting;
    };
    return { apiHosts: [platform.apiHost], auth: platform.auth, underWay, dispose: () => platform.dispose() };
  });

  test("without being asked for, a second namespace is refused with the reason, and the first one stays as it is", async () => {
    const platform = await TestPlatform.start({ adminKey: TENANTS_CONFIG.adminKey });
    try {
      const response = await fetch(`${platform.apiHost}/admin/v1/namespaces/team`, { method: "PUT", headers: { authorization: `Bearer ${TENANTS_CONFIG.adminKey}`, "content-type": "application/json" }, body: "{}" });
      expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
        409,
        "There is a namespace already (guest), and the process driver does not keep their code apart. Set 'allowSharedProcesses' to true if they trust each other.",
      ]);
      expect((await platform.client().call("GET", "actions")).status).toBe(200);
    } finally {
      await platform.dispose();
    }
  });

  test("what administrators changed is there after a restart", async () => {
    const platform = await TestPlatform.start(TENANTS_CONFIG);
    try {
      const admin = (method: string, body?: string) =>
        fetch(`${platform.apiHost}/admin/v1/namespaces/guest`, { method, headers: { authorization: `Bearer ${TENANTS_CONFIG.adminKey}`, "content-type": "application/json" }, body });
      await admin("PUT", JSON.stringify({ blocked: true, limits: { firesPerMinute: 7 } }));
      await platform.kill();
      await platform.start();
      expect(await (await admin("GET")).json()).toMatchObject({ blocked: true, limits: { firesPerMinute: 7 } });
      expect((await platform.client().call("GET", "actions")).status).toBe(401);
    } finally {
      await platform.dispose();
    }
  });
});

describeWithServers("namespaces of a platform of several processes", () => {
  tenantCases(async () => {
    const platform = await TestDistributed.start({ rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared(), invokers: 1, config: TENANTS_CONFIG });
    const underWay = async () => {
      const counts = await Promise.all(platform.controllers.map(async (controller) => (await scrape(controller)).stackwhisk_lane_outstanding_runs ?? 0));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    return { apiHosts: [platform.apiHostOf(0), platform.apiHostOf(1)], auth: platform.auth, underWay, dispose: () => platform.dispose() };
  });
});
