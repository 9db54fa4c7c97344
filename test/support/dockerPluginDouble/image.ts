import path from "node:path";
import type { Properties, State } from "../../../infra/provider/resource";
import { docker, DoubleHandler, inspect, optional, output } from "./handler";

interface Build {
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
}

export class RemoteImageHandler extends DoubleHandler {
  readonly token = "docker:index/remoteImage:RemoteImage";
  readonly description = {
    description: "",
    properties: {
      name: optional("string"),
      build: optional("json"),
      keepLocally: optional("boolean"),
      forceRemove: optional("boolean"),
      imageId: output("string"),
      repoDigest: output("string"),
    },
  };
  protected readonly computed = ["imageId", "repoDigest"];

  async create(inputs: Properties): Promise<Omit<State, "inputs">> {
    const name = String(inputs.name);
    const build = inputs.build as Build | undefined;
    if (build) {
      const args = Object.entries(build.buildArgs).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
      await docker(["build", "--quiet", ...args, "--tag", name, "--file", path.join(build.context, build.dockerfile), build.context]);
    } else if (!(await inspect("image", name))) await docker(["pull", "--quiet", name]);
    const { Id } = (await inspect("image", name)) as { Id: string };
    return { id: `${Id}${name}`, outputs: { ...inputs, imageId: Id, repoDigest: "" } };
  }

  async delete({ inputs }: State): Promise<void> {
    const name = String(inputs.name);
    if (inputs.keepLocally || !(await inspect("image", name))) return;
    const remove = () => docker(["image", "rm", ...(inputs.forceRemove ? ["--force"] : []), name]);
    // An engine stumbles when somebody else removes another name of the same image at the same time.
    await remove().catch(async (error: unknown) => {
      if (await inspect("image", name)) await remove();
      else if (!/unrecognized image|no such image/i.test(String(error))) throw error;
    });
  }

  protected async exists(_id: string, { inputs }: State): Promise<boolean> {
    return (await inspect("image", String(inputs.name))) !== undefined;
  }
}
