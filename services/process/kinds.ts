import { existsSync } from "node:fs";
import path from "node:path";
import { findKind, imageName, loadManifest, type MissingRuntime, type ProcessCommand, processCommand, programCommand, publicRuntimes, type RuntimeImage, type RuntimesManifest } from "../../runtimes/runtimes";
import { megabytes, milliseconds } from "../../runtimes/units";
import type { Kinds } from "../core/ports/kinds";
import type { StemCell } from "../invoker/pool/prewarmed";

/** The `runtimes` folder: beside `services` in the sources, and beside `dist` when the program is bundled. */
export function runtimesFolder(from = __dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "runtimes");
    if (existsSync(path.join(candidate, "manifest.json"))) return candidate;
    if (folder === path.dirname(folder)) throw new Error(`no folder runtimes with a manifest.json above ${from}: the installation is incomplete`);
  }
}

/** What runs the kinds, and where their images are if not where the manifest says. */
export interface KindOptions {
  driver: "process" | "docker";
  docker?: { registry?: string; prefix?: string };
}

/** What an action's program runs in: as a process it needs nothing of it but the contract. */
const SKELETON = "stackwhisk/dockerskeleton";

/** The kinds of the manifest, as processes of this machine or as images. */
export class RuntimeKinds implements Kinds {
  private readonly manifest: RuntimesManifest;
  readonly names: readonly string[];
  readonly description: Record<string, unknown[]>;

  /** @param root the `runtimes` folder */
  constructor(
    private readonly root: string,
    private readonly options: KindOptions,
  ) {
    this.manifest = loadManifest(root);
    this.names = Object.values(this.manifest.runtimes).flatMap((kinds) => kinds.map(({ kind }) => kind));
    this.description = publicRuntimes(this.manifest);
  }

  resolve(kind: string): string | undefined {
    return findKind(this.manifest, kind)?.kind;
  }

  isDeprecated(kind: string): boolean {
    return findKind(this.manifest, kind)?.deprecated ?? false;
  }

  needsMain(kind: string): boolean {
    return findKind(this.manifest, kind)?.requireMain ?? false;
  }

  unavailable({ kind }: { kind: string; image?: string }): string | undefined {
    // Whether an image can be had shows when it is to run, as in OpenWhisk.
    if (kind === "blackbox") return undefined;
    if (this.options.driver === "docker") return this.imageOf(kind) === undefined ? `The kind ${kind} has no image: the runtimes' manifest does not name one.` : undefined;
    const command = this.command(kind);
    return "missing" in command ? command.missing : undefined;
  }

  /** How the runtime of a kind, or what stands for an image, is started as a process of this machine. */
  command(kind: string, image?: string): ProcessCommand | MissingRuntime {
    if (image === undefined) return processCommand(kind, this.root);
    const blackbox = this.findBlackbox(image);
    if (blackbox && imageName({ ...blackbox, registry: undefined, tag: undefined }) === SKELETON) return programCommand(this.root);
    return { missing: `The image ${image} cannot run here: this platform runs actions as processes, without Docker. Programs can (--native), and on 'npm run up -- docker' images do.` };
  }

  /** The image of a kind; undefined: there is none. */
  imageOf(kind: string): string | undefined {
    const found = findKind(this.manifest, kind);
    return found && this.placed(found.image);
  }

  /** Where an image is that actions name and that the platform brings; undefined: it is none of those. */
  blackboxOf(image: string): string | undefined {
    const found = this.findBlackbox(image);
    return found && this.placed(found);
  }

  /** Names of the images that the platform brings for actions that are programs. */
  get blackboxes(): string[] {
    return this.manifest.blackboxes.map(imageName);
  }

  /** What runs when it is named. */
  private findBlackbox(image: string): RuntimeImage | undefined {
    const found = this.manifest.blackboxes.find((candidate) => [imageName(candidate), imageName({ ...candidate, tag: undefined })].includes(image));
    return found?.image ?? found;
  }

  private placed(image: RuntimeImage): string {
    const { registry = image.registry, prefix = image.prefix } = this.options.docker ?? {};
    return imageName({ ...image, registry, prefix });
  }

  /** Kinds that are kept ready when the platform starts, with the memory in MB. */
  prewarmed(): StemCell[] {
    return Object.values(this.manifest.runtimes)
      .flat()
      .flatMap(({ kind, stemCells = [] }) => stemCells.map(({ initialCount, memory, reactive }) => ({ kind, memory: megabytes(memory), count: initialCount, reactive: reactive && { ...reactive, ttl: milliseconds(reactive.ttl) } })));
  }
}
