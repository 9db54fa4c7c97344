import { describeWithDocker } from "../../test/support/docker";
import { runtimeContract } from "../contract";
import { runtimeImage } from "../testing/images";
import { RuntimeContainers } from "../testing/runtimeContainer";
import { javaScriptActions } from "./actions";
import { contract } from "./samples";

describeWithDocker("the image of nodejs:24", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-nodejs:24"));
  afterAll(() => containers.close());

  runtimeContract("nodejs:24 in a container", { ...contract, start: containers.start });
});

describeWithDocker("the image of nodejs:22", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-nodejs:22"));
  afterAll(() => containers.close());

  runtimeContract("nodejs:22 in a container", { ...contract, start: containers.start });
  // What differs between versions of Node is how code is loaded.
  javaScriptActions(containers.start);
});
