import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ferretDbProgram } from "../mongodb/ferretdb";
import { nodeProgram } from "./node";

/** How an image comes about where the official one cannot be had. */
export interface ImageRecipe {
  official: string;
  /** @default debian:trixie */
  from?: BaseImage;
  /** Of the Dockerfile, after FROM. */
  lines: string[];
  /** Puts files into the build context. @returns what identifies them */
  files?(context: string): Promise<string>;
}

export type BaseImage = "debian:trixie" | "node:24" | "node:22" | "python:3" | "swift:6" | "rabbitmq:4" | "mongo:8" | "haproxy:3.2";

const install = (...packages: string[]): string =>
  `RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/* /var/cache/apt/*`;

/** As the official images have it. */
const NODE = [
  "RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node",
  "COPY node /usr/local/bin/node",
  'CMD ["node"]',
];

/** Arguments are for MongoDB's own server. The first user comes from where the official image has it from. */
const MONGOD = String.raw`#!/bin/sh
if [ -n "$MONGO_INITDB_ROOT_PASSWORD_FILE" ]; then
  export FERRETDB_TEST_ENABLE_NEW_AUTH=true FERRETDB_SETUP_DATABASE=admin FERRETDB_SETUP_USERNAME="$MONGO_INITDB_ROOT_USERNAME"
  export FERRETDB_SETUP_PASSWORD="$(cat "$MONGO_INITDB_ROOT_PASSWORD_FILE")"
fi
exec ferretdb --handler=sqlite --sqlite-url=file:/data/db/ --listen-addr=:27017 --debug-addr=- --telemetry=disable --state-dir=/data/db --log-level=warn
`;

export const RECIPES: Record<BaseImage, ImageRecipe> = {
  "debian:trixie": { official: "debian:trixie-slim", lines: [] },
  "node:24": { official: "node:24-slim", lines: NODE, files: (context) => node("24", context) },
  "node:22": { official: "node:22-slim", lines: NODE, files: (context) => node("22", context) },
  "python:3": { official: "python:3-slim", lines: [install("python3", "python3-venv", "ca-certificates"), 'CMD ["python3"]'] },
  "swift:6": { official: "swift:6.0", lines: [install("swiftlang", "libc6-dev", "ca-certificates"), 'CMD ["swift", "repl"]'] },
  "rabbitmq:4": {
    official: "rabbitmq:4",
    lines: [
      install("rabbitmq-server"),
      // The package's programs on PATH change to a user of their own; those below do not.
      "ENV PATH=/usr/lib/rabbitmq/bin:$PATH RABBITMQ_DATA_DIR=/var/lib/rabbitmq RABBITMQ_LOGS=- LANG=C.UTF-8",
      "RUN echo 'loopback_users.guest = false' > /etc/rabbitmq/rabbitmq.conf && rm -f /etc/rabbitmq/rabbitmq-env.conf && echo '[].' > /etc/rabbitmq/enabled_plugins && rm -rf /var/lib/rabbitmq/* /var/lib/rabbitmq/.erlang.cookie && chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /etc/rabbitmq",
      "VOLUME /var/lib/rabbitmq",
      "USER rabbitmq",
      "EXPOSE 5672",
      'CMD ["rabbitmq-server"]',
    ],
  },
  "mongo:8": {
    official: "mongo:8",
    lines: [
      "RUN groupadd --gid 999 mongodb && useradd --uid 999 --gid mongodb mongodb && mkdir -p /data/db && chown mongodb:mongodb /data/db",
      "COPY ferretdb /usr/local/bin/ferretdb",
      "COPY mongod /usr/local/bin/mongod",
      "RUN chmod +x /usr/local/bin/mongod",
      "VOLUME /data/db",
      "USER mongodb",
      "EXPOSE 27017",
      'ENTRYPOINT ["mongod"]',
    ],
    files: async (context) => {
      const program = ferretDbProgram();
      if (!existsSync(program)) throw new Error(`${program} is missing: 'npm test' builds it where there is Go`);
      copyFileSync(program, join(context, "ferretdb"));
      writeFileSync(join(context, "mongod"), MONGOD);
      return `${readFileSync(join(dirname(program), "stamp"), "utf8")}${MONGOD}`;
    },
  },
  "haproxy:3.2": {
    official: "haproxy:3.2",
    lines: [install("haproxy"), "STOPSIGNAL SIGUSR1", "USER haproxy", 'CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]'],
  },
};

async function node(major: "22" | "24", context: string): Promise<string> {
  const { program, version } = await nodeProgram(major);
  copyFileSync(program, join(context, "node"));
  return version;
}
