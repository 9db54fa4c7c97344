import { describeWithDocker } from "../../test/support/docker";
import { runtimeContract } from "../contract";
import { runtimeImage } from "../testing/images";
import { RuntimeContainers } from "../testing/runtimeContainer";
import { contract } from "./samples";

describeWithDocker("the image of python:3", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-python:3"));
  afterAll(() => containers.close());

  runtimeContract("python:3 in a container", { ...contract, start: containers.start });
});
