import path from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { contextDigest } from "./contexts";

export interface BuiltImageArgs {
  /** The folder that is built, relative to the program's. */
  context: string;
  /** Name of the image without its tag: lower case. */
  repository: string;
  /** Build arguments. They are part of what the image is made of, so they are known when the program runs. */
  buildArgs?: Readonly<Record<string, string>>;
  /** A change of the build makes another image, like one of the folder. */
  transform?: Transform<docker.RemoteImageArgs>;
}

/**
 * An image that is built from a folder. Its tag is the digest of everything it is made of: what has not changed has the same
 * name and is not built again, not even looked at; what has is another image, and the containers that take it by its id are
 * replaced. Removed with the stack.
 */
export function builtImage(name: string, args: BuiltImageArgs, opts: pulumi.CustomResourceOptions): docker.RemoteImage {
  const { context, repository, buildArgs = {}, transform } = args;
  const build: docker.types.input.RemoteImageBuild = {
    // Relative, so that a checkout can be moved.
    context: path.relative(process.cwd(), context) || ".",
    dockerfile: "Dockerfile",
    buildArgs: { ...buildArgs },
    // Needs nothing beside the engine.
    useLegacyBuilder: true,
  };
  const [changed, changedOpts] = applyTransform<docker.RemoteImageArgs>(transform, { name: repository, build, forceRemove: true }, opts);
  return new docker.RemoteImage(name, { ...changed, name: changed.name === repository ? taggedName(repository, changed) : changed.name }, changedOpts);
}

function taggedName(repository: string, { build }: docker.RemoteImageArgs): pulumi.Output<string> {
  return pulumi.output(build).apply(({ context = "", ...how } = {} as pulumi.UnwrappedObject<docker.types.input.RemoteImageBuild>) => `${repository}:${contextDigest(context, how)}`);
}

/** An image that is pulled, if it is not there. It stays when the stack goes: others may use it, and pulling takes long. */
export function pulledImage(name: string, image: pulumi.Input<string>, transform: Transform<docker.RemoteImageArgs> | undefined, opts: pulumi.CustomResourceOptions): docker.RemoteImage {
  return new docker.RemoteImage(name, ...applyTransform<docker.RemoteImageArgs>(transform, { name: image, keepLocally: true }, opts));
}
