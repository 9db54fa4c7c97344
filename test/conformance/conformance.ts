import { actionCases } from "./cases/actions";
import { collectionCases } from "./cases/collections";
import { conductorCases } from "./cases/conductors";
import { errorCases } from "./cases/errors";
import { infoCases } from "./cases/info";
import { invokeCases } from "./cases/invoke";
import { limitCases } from "./cases/limits";
import { packageCases } from "./cases/packages";
import { precedenceCases } from "./cases/precedence";
import { recordCases } from "./cases/records";
import { ruleCases } from "./cases/rules";
import { runtimeCases } from "./cases/runtimes";
import { sequenceCases } from "./cases/sequences";
import { sharingCases } from "./cases/sharing";
import { tenantCases } from "./cases/tenants";
import { triggerCases } from "./cases/triggers";
import { webAnswerCases } from "./cases/webAnswers";
import { webRequestCases } from "./cases/webRequests";
import { Suite } from "./support/suite";
import type { Target } from "./support/target";

const AREAS: [string, (suite: Suite) => void][] = [
  ["info:", infoCases],
  ["errors:", errorCases],
  ["collections:", collectionCases],
  ["actions:", actionCases],
  ["limits:", limitCases],
  ["packages:", packageCases],
  ["sharing:", sharingCases],
  ["limits of one namespace:", tenantCases],
  ["invocations:", invokeCases],
  ["which of two errors is told:", precedenceCases],
  ["runtimes:", runtimeCases],
  ["records:", recordCases],
  ["sequences:", sequenceCases],
  ["compositions:", conductorCases],
  ["triggers:", triggerCases],
  ["rules:", ruleCases],
  ["web actions' answers:", webAnswerCases],
  ["web actions' requests:", webRequestCases],
];

/** All checks of the REST API, against one server. They are taken from the behaviour of Apache OpenWhisk. */
export function conformance(target: Target): void {
  const suite = new Suite(target);
  beforeAll(() => suite.start());
  afterAll(() => suite.end());
  for (const [area, cases] of AREAS) describe(area, () => cases(suite));
}
