/** Parts of `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function partsOf(urn: string): { stack: string; project: string } {
  const match = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn);
  if (!match) throw new Error(`not the URN of a resource: ${urn}`);
  return { stack: match[1]!, project: match[2]! };
}

export const stackOf = (urn: string): string => partsOf(urn).stack;
export const projectOf = (urn: string): string => partsOf(urn).project;
