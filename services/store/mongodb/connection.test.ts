import { inspect } from "node:util";
import { describeWithMongo, randomDatabase, TestMongo } from "../../../test/support/mongodb";
import { freePort } from "../../../test/support/freePort";
import { redacted } from "./connection";
import { openMongoStore } from "./store";

/** Whatever a log might make of it. */
const everythingIn = (error: unknown) => `${String(error)} ${inspect(error, { depth: 20, showHidden: true })}`;

test.each([
  ["mongodb://user:s3cret@db.example:27017/stackwhisk?authSource=admin", "mongodb://db.example:27017"],
  ["mongodb+srv://user:s3cret@cluster.example/?retryWrites=true", "mongodb+srv://cluster.example"],
  ["mongodb://user:s3c/r@et@a:1,b:2,c:3", "mongodb://a:1,b:2,c:3"],
  ["mongodb://user:s3c?ret@a:1", "mongodb://…"],
  ["mongodb://a:1/?authMechanismProperties=X:y@z", "mongodb://…"],
  ["mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017"],
  ["s3cret", "(a URL without mongodb://)"],
])("%s is shown without its secrets", (url, shown) => {
  expect(redacted(url)).toBe(shown);
});

test.each([
  "mongodb://user:s3cret@",
  "mongodb://us%er:s3cret@a:1",
  "mongodb://user:s3cret@a:1/?nonsense=s3cret",
  "mongodb://user:s3cret@a:port",
  "mongodb://user:p@s3cret/x@a:1",
  "http://user:s3cret@a:1",
  "user:s3cret",
])("a URL that is not valid is refused without showing its secrets (case %#)", async (url) => {
  const error = await openMongoStore({ url, database: "x" }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ name: "DatabaseUnusableError", message: expect.stringMatching("its URL is not valid|percent-encoded") });
  expect(everythingIn(error)).not.toContain("s3cret");
});

test("a server that is not there is a 503 within seconds, in which no secret is", async () => {
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(`${message} ${inspect(fields)}`);
  const url = `mongodb://user:s3cret@127.0.0.1:${await freePort()}/?authSource=admin`;
  const began = Date.now();
  const error = await openMongoStore({ url, database: "x", logger: { info: log, warn: log, error: log } }).catch((failure: unknown) => failure);
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(error).toMatchObject({ name: "WhiskError", status: 503, message: "The database does not answer; try again later." });
  expect(everythingIn(error) + logged.join()).not.toContain("s3cret");
});

describeWithMongo("credentials", () => {
  test("a server that refuses who asks is told by its host, without secrets", async () => {
    const { host } = new URL(await TestMongo.shared());
    const url = `mongodb://nobody:s3cret@${host}/?authSource=admin`;
    const error = await openMongoStore({ url, database: randomDatabase() }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: "DatabaseUnusableError", message: expect.stringContaining(`mongodb://${host}`) });
    expect(everythingIn(error)).not.toContain("s3cret");
  });
});
