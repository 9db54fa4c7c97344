import { RuntimeKinds, runtimesFolder } from "./kinds";

describe("kinds as images", () => {
  const kinds = new RuntimeKinds(runtimesFolder(), { driver: "docker" });

  it("are those that the manifest has an image for", () => {
    expect(kinds.imageOf("nodejs:24")).toBe("stackwhisk/runtime-nodejs:24");
    expect(kinds.imageOf("cobol:1")).toBeUndefined();
    expect(kinds.unavailable({ kind: "swift:6" })).toBeUndefined();
    expect(kinds.unavailable({ kind: "cobol:1" })).toBe("The kind cobol:1 has no image: the runtimes' manifest does not name one.");
    expect(kinds.unavailable({ kind: "blackbox", image: "me/tool" })).toBeUndefined();
  });

  it("are found where the configuration says, blackboxes of the manifest too", () => {
    const moved = new RuntimeKinds(runtimesFolder(), { driver: "docker", docker: { registry: "registry.example", prefix: "team" } });
    expect(moved.imageOf("nodejs:24")).toBe("registry.example/team/runtime-nodejs:24");
    const [blackbox] = moved.blackboxes;
    expect(moved.blackboxOf(blackbox!)).toBe(`registry.example/team/${blackbox!.split("/")[1]}`);
    expect(moved.blackboxOf(blackbox!.replace(/:.*/, ""))).toBe(`registry.example/team/${blackbox!.split("/")[1]}`);
    expect(moved.blackboxOf("openwhisk/dockerskeleton")).toBe("registry.example/team/dockerskeleton:latest");
    expect(moved.blackboxOf("me/tool")).toBeUndefined();
  });
});

describe("kinds as processes", () => {
  const kinds = new RuntimeKinds(runtimesFolder(), { driver: "process" });

  it.each(["stackwhisk/dockerskeleton", "stackwhisk/dockerskeleton:latest", "openwhisk/dockerskeleton", "openwhisk/dockerskeleton:nightly"])("programs run as %s does", (image) => {
    expect(kinds.command("blackbox", image)).toMatchObject({ args: expect.arrayContaining(["--executable"]) });
  });

  it("other images are taken, and said to need Docker when they are to run", () => {
    expect(kinds.unavailable({ kind: "blackbox", image: "me/tool" })).toBeUndefined();
    for (const image of ["me/tool", "me/dockerskeleton", "stackwhisk/dockerskeleton:mine"]) {
      expect(kinds.command("blackbox", image)).toEqual({ missing: expect.stringMatching(`^The image ${image} cannot run here: .*without Docker.*--native`) });
    }
  });
});
