import type { Command, Group } from "../command";
import { CliError } from "../errors";

/** Commands of the official CLI for things that the platform does not have: they say so, and what there is instead. */
function absent(group: string, names: readonly string[], summary: string, message: string): Group {
  const command = (name: string): Command => ({
    name,
    summary,
    arity: [0, Infinity, ""],
    offline: true,
    anyFlags: true,
    async run() {
      throw new CliError(message);
    },
  });
  return { name: group, summary, commands: names.map(command) };
}

export const apiGroup = absent(
  "api",
  ["create", "update", "get", "delete", "list"],
  "not available: the platform has no API gateway",
  "This platform has no API gateway. Web actions have URLs of their own: 'whisk action update ACTION_NAME --web true', then 'whisk action get ACTION_NAME --url'",
);

export const projectGroup = absent(
  "project",
  ["deploy", "undeploy", "sync", "export"],
  "not available: use wskdeploy, or Pulumi",
  "Projects are not part of this CLI. 'wskdeploy' works with this platform (it reads the same .wskprops); or declare the resources in a Pulumi program",
);
