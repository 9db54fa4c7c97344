import * as pulumi from "@pulumi/pulumi";

/** A resource that others name: it stands for its full name. */
export interface Named {
  readonly qualifiedName: pulumi.Output<string>;
}

/** An entity by its resource or by its name: `name`, `package/name`, or `/namespace/package/name`. */
export type Reference<Resource extends Named> = pulumi.Input<string | Resource>;

/** The name that a reference comes to; it carries the dependency on the resource. */
export function nameOf<Resource extends Named>(reference: Reference<Resource>): pulumi.Output<string> {
  const known: pulumi.Output<unknown> = pulumi.output<unknown>(reference);
  return known.apply((value) => (isNamed(value) ? value.qualifiedName : pulumi.output(value as string)));
}

/** Pulumi shows a RunError as its message alone, without a stack. */
export function inputError(type: string, name: string, reason: string): Error {
  return new pulumi.RunError(`${type} "${name}": ${reason}`);
}

/** All inputs by name, and the names of what the resource adds: those become outputs. */
export function propertiesOf(inputs: Record<string, unknown>, outputs: readonly string[]): pulumi.Inputs {
  return { ...Object.fromEntries(outputs.map((name) => [name, undefined])), ...inputs };
}

function isNamed(value: unknown): value is Named {
  return pulumi.Resource.isInstance(value) && "qualifiedName" in value;
}
