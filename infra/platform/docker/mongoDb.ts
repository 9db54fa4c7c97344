import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { pulledImage } from "./image";
import { container, opens, type PartArgs, type PartTransforms, whenReady } from "./part";

export interface MongoDbArgs extends PartArgs {
  /** Id of the network on which it is reached. */
  network: pulumi.Input<string>;
  /** Its address there, for those that cannot look up its name. @default Docker chooses one, another at each start */
  address?: string;
  /** Of its user `stackwhisk`, from its first start on: letters and digits. */
  password: pulumi.Input<string>;
  /**
   * The image, with its tag or digest.
   *
   * @default `"mongo:8"`
   */
  image?: string;
  /** Changes to what the component passes to its children. */
  transform?: PartTransforms & { volume?: Transform<docker.VolumeArgs> };
}

export const MONGODB_IMAGE = "mongo:8";
const USER = "stackwhisk";
const PORT = 27017;
const PASSWORD_FILE = "/etc/stackwhisk/mongodb-password";
/** Seconds. */
const STOP_TIMEOUT = 60;

/** A database in a container, with its data on a volume. */
export class MongoDb extends pulumi.ComponentResource {
  /** `mongodb://user:password@host:27017`, as containers of the network reach it; a secret. */
  readonly url: pulumi.Output<string>;
  /** What depends on this comes when the database takes connections. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: MongoDbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:MongoDb", name, {}, opts);
    const host = `${args.platform}-mongodb`;

    const image = pulledImage(name, args.image ?? MONGODB_IMAGE, args.transform?.image, { parent: this });
    const volume = createVolume(this, name, host, args);
    const database = createContainer(this, name, host, image, volume, args);

    this.ready = whenReady(name, database, args, { parent: this });
    this.url = pulumi.secret(pulumi.interpolate`mongodb://${USER}:${args.password}@${host}:${PORT}`);
    this.registerOutputs({ url: this.url });
  }
}

function createVolume(parent: MongoDb, name: string, host: string, { transform }: MongoDbArgs): docker.Volume {
  return new docker.Volume(name, ...applyTransform<docker.VolumeArgs>(transform?.volume, { name: host }, { parent }));
}

function createContainer(parent: MongoDb, name: string, host: string, image: docker.RemoteImage, volume: docker.Volume, args: MongoDbArgs): docker.Container {
  const options = { stopTimeout: STOP_TIMEOUT, transform: args.transform?.container, opts: { parent } };
  return container(
    name,
    args.platform,
    {
      name: host,
      image: image.imageId,
      hostname: "mongodb",
      networksAdvanced: [{ name: args.network, ipv4Address: args.address }],
      volumes: [{ volumeName: volume.name, containerPath: "/data/db" }],
      envs: [`MONGO_INITDB_ROOT_USERNAME=${USER}`, `MONGO_INITDB_ROOT_PASSWORD_FILE=${PASSWORD_FILE}`],
      uploads: [{ file: PASSWORD_FILE, content: pulumi.secret(args.password), permissions: "0444" }],
      // Not on 127.0.0.1: there it listens before its user has been made.
      healthcheck: opens("mongodb", PORT),
    },
    options,
  );
}
