import path from "node:path";

/** The checkout. Two levels up from here, and from the bundle that this becomes part of (`dist/tools`). */
export const ROOT = path.resolve(__dirname, "..", "..");

/**
 * The folder for what belongs to this checkout on this machine: Pulumi's state and passphrase.
 * `STACKWHISK_HOME` puts it elsewhere.
 */
export const homeFolder = (env: NodeJS.ProcessEnv, root = ROOT): string => path.resolve(root, env.STACKWHISK_HOME || ".stackwhisk");

/** The toolchain is the checkout's, whatever the home folder: it depends on versions only and takes minutes to build. */
export const toolchainFolder = (root = ROOT): string => path.join(root, ".stackwhisk", "bin");

/** Servers that are built for tests; the tests look there for them. */
export const testServersFolder = (root = ROOT): string => path.join(root, ".stackwhisk", "bin-test");

/** A path as a person in the checkout would type it. */
export const shown = (file: string, root = ROOT): string => {
  const relative = path.relative(root, file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative || ".";
};
