import type { ContainerSpec } from "../../../core/ports/containers";

const MB = 1024 * 1024;
/** Processes and threads of a container. */
const PIDS = 1024;
/** Files that each process of it may have open. */
const OPEN_FILES = 1024;
/** Share of the processors for each MB: 1024, what a container has by default, for 256 MB. */
const SHARES = 4;

export interface ContainerSettings {
  image: string;
  network: string;
  labels: Record<string, string>;
}

/** @param memory MB */
export const memorySettings = (memory: number): object => ({
  Memory: Math.ceil(memory * MB),
  // Memory and swap together: no swap.
  MemorySwap: Math.ceil(memory * MB),
});

/** What the engine is told to create. */
export function containerSettings(spec: ContainerSpec, { image, network, labels }: ContainerSettings): object {
  return {
    Image: image,
    Env: Object.entries({ ...heapOf(spec), ...spec.env }).map(([name, value]) => `${name}=${value}`),
    Labels: labels,
    // Nothing in it needs time for its end; an engine that is started again waits for that of each.
    StopSignal: "SIGKILL",
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: network,
      ...memorySettings(spec.memory),
      CpuShares: Math.max(2, spec.memory * SHARES),
      PidsLimit: PIDS,
      // A core dump of an action would fill the disk.
      Ulimits: [
        { Name: "nofile", Soft: OPEN_FILES, Hard: OPEN_FILES },
        { Name: "core", Soft: 0, Hard: 0 },
      ],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      // The output is read from the container itself: kept a second time it would fill the disk.
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "no" },
    },
  };
}

/** V8 would give its heap half of the memory at most; the container's limit is what counts. */
const heapOf = ({ kind, image, memory }: ContainerSpec): Record<string, string> =>
  image === undefined && kind.startsWith("nodejs:") ? { NODE_OPTIONS: `--max-old-space-size=${memory}` } : {};
