/** Parts of `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function partsOf(urn: string): { stack: string; project: string } {
  const match = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn);
  if (!match) throw new Error(`not the URN of a resource: ${urn}`);
  return { stack: match[1]!, project: match[2]! };
}

export const stackOf = (urn: string): string => partsOf(urn).stack;
export const projectOf = (urn: string): string => partsOf(urn).project;

/**
 * The command by which the user changes a configuration value of the stack that a resource is in.
 *
 * @param key as the stacks of this repository name it: that of another program is its own matter
 */
export function configCommand(urn: string, key: string, value: string, secret = false): string {
  return `\`pulumi config set --stack ${stackOf(urn)}${secret ? " --secret" : ""} ${projectOf(urn)}:${key} ${value}\``;
}
