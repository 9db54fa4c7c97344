import { build } from "esbuild";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../../..");

/** Bundles a program of this project as `npm run build` does. @param outfile an absolute path */
export async function bundleProgram(entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["esbuild", "@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf"],
    supported: { "dynamic-import": false },
    logLevel: "error",
  });
}
