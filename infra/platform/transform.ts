import type * as pulumi from "@pulumi/pulumi";

/**
 * The way out of a component: changes what it passes to one of its children, whatever the component has no option for.
 * Either values that are put over the child's arguments, or a function that changes arguments and options in place.
 *
 * @example
 * ```ts
 * transform: { localPlatform: { logLevel: "debug" } }
 * transform: { localPlatform: (args, opts) => { opts.protect = true; } }
 * ```
 */
export type Transform<Args> = Partial<Args> | ((args: Args, opts: pulumi.CustomResourceOptions) => void);

/** Arguments and options of a child as the user wants them; what was passed in is left as it was. */
export function applyTransform<Args extends object>(
  transform: Transform<Args> | undefined,
  args: Args,
  opts: pulumi.CustomResourceOptions,
): [Args, pulumi.CustomResourceOptions] {
  if (typeof transform !== "function") return [{ ...args, ...transform }, opts];
  const changed: [Args, pulumi.CustomResourceOptions] = [{ ...args }, { ...opts }];
  transform(...changed);
  return changed;
}
