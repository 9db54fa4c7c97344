import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { pulledImage } from "./image";
import { container, opens, type PartArgs, type PartTransforms, whenReady } from "./part";

export interface RabbitMqArgs extends PartArgs {
  /** Id of the network on which it is reached. */
  network: pulumi.Input<string>;
  /** Its address there, for those that cannot look up its name. @default Docker chooses one, another at each start */
  address?: string;
  /** Of its user `stackwhisk`, from its first start on: letters and digits. */
  password: pulumi.Input<string>;
  /**
   * The image, with its tag or digest.
   *
   * @default `"rabbitmq:4"`
   */
  image?: string;
  /** Changes to what the component passes to its children. */
  transform?: PartTransforms & { volume?: Transform<docker.VolumeArgs> };
}

export const RABBITMQ_IMAGE = "rabbitmq:4";
const USER = "stackwhisk";
const PORT = 5672;
/** Seconds. */
const STOP_TIMEOUT = 60;

/** A message broker in a container, with its data on a volume. */
export class RabbitMq extends pulumi.ComponentResource {
  /** `amqp://user:password@host:5672`, as containers of the network reach it; a secret. */
  readonly url: pulumi.Output<string>;
  /** What depends on this comes when the broker takes connections. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: RabbitMqArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:RabbitMq", name, {}, opts);
    const host = `${args.platform}-rabbitmq`;

    const image = pulledImage(name, args.image ?? RABBITMQ_IMAGE, args.transform?.image, { parent: this });
    const volume = createVolume(this, name, host, args);
    const broker = createContainer(this, name, host, image, volume, args);

    this.ready = whenReady(name, broker, args, { parent: this });
    this.url = pulumi.secret(pulumi.interpolate`amqp://${USER}:${args.password}@${host}:${PORT}`);
    this.registerOutputs({ url: this.url });
  }
}

function createVolume(parent: RabbitMq, name: string, host: string, { transform }: RabbitMqArgs): docker.Volume {
  return new docker.Volume(name, ...applyTransform<docker.VolumeArgs>(transform?.volume, { name: host }, { parent }));
}

function createContainer(parent: RabbitMq, name: string, host: string, image: docker.RemoteImage, volume: docker.Volume, args: RabbitMqArgs): docker.Container {
  const options = { stopTimeout: STOP_TIMEOUT, transform: args.transform?.container, opts: { parent } };
  // Not in the environment, which everyone sees who may look at the container.
  const settings = pulumi.interpolate`default_user = ${USER}\ndefault_pass = ${args.password}\n`;
  return container(
    name,
    args.platform,
    {
      name: host,
      image: image.imageId,
      // The data belongs to a node of that name.
      hostname: "rabbitmq",
      networksAdvanced: [{ name: args.network, ipv4Address: args.address }],
      volumes: [{ volumeName: volume.name, containerPath: "/var/lib/rabbitmq" }],
      uploads: [{ file: "/etc/rabbitmq/conf.d/90-stackwhisk.conf", content: pulumi.secret(settings), permissions: "0444" }],
      healthcheck: opens("127.0.0.1", PORT),
    },
    options,
  );
}
