/** The oldest Pulumi that is used as it is when it is found on PATH. */
export const OLDEST_PULUMI = "3.200.0";

/** What is built or downloaded when there is none. */
export const PULUMI_VERSION = "3.246.0";

/** Newest version of the Node language host that the Go module proxy serves; works with the CLI above. */
export const LANGUAGE_HOST_VERSION = "3.57.1";

/** The `go` line of tools/pulumi/go.mod. */
export const OLDEST_GO = "1.25.8";

export const PULUMI = "pulumi";
export const LANGUAGE_HOST = "pulumi-language-nodejs";
