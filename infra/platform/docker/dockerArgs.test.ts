import * as pulumi from "@pulumi/pulumi";
import { Platform, type PlatformArgs } from "../platform";
import { Program } from "./testing/program";

const program = Program.ofEachTest();

describe("arguments that make no platform are refused before anything is created", () => {
  test.each([
    ["an option of nothing", { prot: 1 }, '`prot` does not go with `target: "docker"`; its options are name, host, port,'],
    ["a name that Docker does not allow", { name: "Shop!" }, '`name`: expected up to 40 lower case letters, digits and -, beginning with a letter, got "Shop!"'],
    ["no controller", { controllers: 0 }, "`controllers`: expected a number of containers from 1 to 64, got 0"],
    ["invokers known only later", { invokers: pulumi.output(1) }, "`invokers` cannot be an output: it must be known when the program runs"],
    ["an amount that is none", { memory: "lots" }, '`memory`: expected an amount of memory such as "2048 MB"'],
    ["a language without a runtime", { runtimes: ["cobol"] }, '`runtimes`: expected a list of nodejs, nodejs:24, nodejs:22, python, swift, skeleton, got ["cobol"]'],
    ["a platform without any kind", { runtimes: [] }, "`runtimes`: expected a list of nodejs, nodejs:24, nodejs:22, python, swift, skeleton, got []"],
    ["a base of no runtime", { images: { runtimes: { "nodejs:20": "node:20" } } }, '`images.runtimes["nodejs:20"]`: there is no such runtime; there are nodejs, nodejs:24, nodejs:22, python, swift, skeleton'],
    ["kinds that are none", { manifest: { runtimes: { ruby: [{ kind: "php:8" }] } } }, '`manifest`: `runtimes.ruby[0].kind`: expected ruby:<version>, got "php:8"'],
    ["a broker that is there and is brought up", { rabbitmq: { url: "amqp://h", image: "i" } }, "only one of `rabbitmq.url` and `rabbitmq.image` can be given"],
    ["a URL of something else", { mongodb: { url: "amqp://h" } }, "`mongodb.url`: expected a URL such as mongodb://user:password@host:27017"],
    ["a server on the container itself", { rabbitmq: { url: "amqp://me:s3cret@127.0.0.1:5672" } }, "`rabbitmq.url`: in a container, 127.0.0.1 is the container itself"],
    ["a network of another size", { networks: { actions: "10.80.0.0/16" } }, "`networks.actions`: expected a network of /24 such as 10.80.2.0/24"],
    ["an unknown option of a server", { mongodb: { uri: "mongodb://h" } }, "`mongodb.uri`: there is no such option; there are url, database, image"],
  ])("%s", (_, args, message) => {
    const attempt = () => new Platform("main", { target: "docker", ...args } as PlatformArgs);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(pulumi.RunError);
    expect(attempt).not.toThrow(/s3cret/);
    expect(program.recorded).toEqual([]);
  });
});
