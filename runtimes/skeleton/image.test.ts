import { describeWithDocker } from "../../test/support/docker";
import { runtimeContract } from "../contract";
import { runtimeImage } from "../testing/images";
import { RuntimeContainers } from "../testing/runtimeContainer";
import { programs } from "./programs";
import { contract } from "./samples";

describeWithDocker("the image of any program", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/dockerskeleton:latest"));
  afterAll(() => containers.close());

  runtimeContract("programs in a container", { ...contract, start: containers.start });
  programs(containers.start, "/action");
});
