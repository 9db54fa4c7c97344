import { endSharedServers, RUN_FOLDER } from "./sharedServer";

export default async function teardown(): Promise<void> {
  const run = process.env[RUN_FOLDER];
  if (run !== undefined) await endSharedServers(run);
}
