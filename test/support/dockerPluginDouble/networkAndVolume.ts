import type { Properties, State } from "../../../infra/provider/resource";
import { docker, DoubleHandler, inspect, optional, output } from "./handler";

export class NetworkHandler extends DoubleHandler {
  readonly token = "docker:index/network:Network";
  readonly description = {
    description: "",
    properties: { name: optional("string"), driver: optional("string"), options: optional({ map: "string" }), ipamConfigs: optional({ list: "json" }) },
  };
  protected readonly computed = [];

  async create(inputs: Properties): Promise<Omit<State, "inputs">> {
    const configs = (inputs.ipamConfigs ?? []) as { subnet: string; gateway?: string }[];
    const addresses = configs.flatMap(({ subnet, gateway }) => ["--subnet", subnet, ...(gateway === undefined ? [] : ["--gateway", gateway])]);
    const options = Object.entries((inputs.options ?? {}) as Record<string, string>).flatMap(([name, value]) => ["--opt", `${name}=${value}`]);
    return { id: await docker(["network", "create", ...addresses, ...options, String(inputs.name)]), outputs: inputs };
  }

  async delete({ id }: State): Promise<void> {
    if (await this.exists(id)) await docker(["network", "rm", id]);
  }

  protected async exists(id: string): Promise<boolean> {
    return (await inspect("network", id)) !== undefined;
  }
}

export class VolumeHandler extends DoubleHandler {
  readonly token = "docker:index/volume:Volume";
  readonly description = { description: "", properties: { name: optional("string"), driver: optional("string"), mountpoint: output("string") } };
  protected readonly computed = ["mountpoint"];

  async create(inputs: Properties): Promise<Omit<State, "inputs">> {
    const id = await docker(["volume", "create", String(inputs.name)]);
    const { Mountpoint } = (await inspect("volume", id)) as { Mountpoint: string };
    return { id, outputs: { ...inputs, mountpoint: Mountpoint } };
  }

  async delete({ id }: State): Promise<void> {
    if (await this.exists(id)) await docker(["volume", "rm", id]);
  }

  protected async exists(id: string): Promise<boolean> {
    return (await inspect("volume", id)) !== undefined;
  }
}
