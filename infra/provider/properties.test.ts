import fc from "fast-check";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Archive, Asset, decode, encode, type Path } from "./properties";
import { UNKNOWN, type Properties } from "./resource";

const KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const struct = (fields: Record<string, JavaScriptValue>) => Struct.fromJavaScript(fields);

const asset = fc.oneof(
  fc.string().map((text) => new Asset({ text: `x${text}` }, "abc")),
  fc.string().map((file) => new Asset({ path: `./${file}` })),
  fc.constant(new Asset({}, "only-the-hash")),
);
const leaf = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)), fc.boolean(), fc.constant(null), fc.constant(UNKNOWN), asset);
/** The protobuf library for JavaScript cannot carry a key `__proto__`. */
const key = fc.string().filter((name) => name !== "__proto__");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.dictionary(key, asset, { maxKeys: 3, noNullPrototype: true }).map((assets) => new Archive({ assets }, "abc")),
  ),
}));
const properties = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true });

/** Every place in the values at which something stands. */
function placesOf(values: unknown, path: Path = []): Path[] {
  const here = path.length > 0 ? [path] : [];
  if (values instanceof Asset || values instanceof Archive || typeof values !== "object" || values === null) return here;
  const entries: [string | number, unknown][] = Array.isArray(values) ? [...values.entries()] : Object.entries(values);
  return [...here, ...entries.flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

test("what is encoded is decoded as it was", () => {
  fc.assert(fc.property(properties, (values) => expect(decode(encode(values))).toEqual({ values, secrets: [] })));
});

test("a secret stays at its place, and no value beside it becomes one", () => {
  fc.assert(
    fc.property(properties, fc.nat(), (values, index) => {
      const places = placesOf(values);
      if (places.length === 0) return;
      const secret = places[index % places.length]!;
      expect(decode(encode(values, [secret]))).toEqual({ values, secrets: [secret] });
    }),
  );
});

test("what passes through the engine's binary form is the same", () => {
  fc.assert(fc.property(properties, (values) => expect(decode(Struct.deserializeBinary(encode(values).serializeBinary())).values).toEqual(values)));
});

test("a secret whose value has another shape by now makes what is above it secret", () => {
  expect(encode({ parameters: { other: 1 } }, [["parameters", "token"]]).toJavaScript()).toEqual({ parameters: { [KEY]: SECRET, value: { other: 1 } } });
});

test("a secret that is gone wraps nothing", () => {
  expect(encode({ name: "a" }, [["parameters", "token"]]).toJavaScript()).toEqual({ name: "a" });
});

test("a secret within a secret is wrapped in both", () => {
  const values = { map: { token: "x" } };
  const both: Path[] = [["map"], ["map", "token"]];
  expect(decode(encode(values, both)).secrets).toEqual(both);
});

test("an unknown of any type is unknown, also within a secret", () => {
  const unknowns = ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"];
  expect(decode(struct({ list: unknowns, auth: { [KEY]: SECRET, value: unknowns[0]! } }))).toEqual({
    values: { list: [UNKNOWN, UNKNOWN, UNKNOWN], auth: UNKNOWN },
    secrets: [["auth"]],
  });
});

test("an output value is its value, with its secrecy; without a value it is unknown", () => {
  const signature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
  const known = { [KEY]: signature, value: "v", secret: true, dependencies: ["urn"] };
  expect(decode(struct({ known, unknown: { [KEY]: signature } }))).toEqual({ values: { known: "v", unknown: UNKNOWN }, secrets: [["known"]] });
});

test("a reference to a resource is its id", () => {
  const reference = { [KEY]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x" };
  const { values } = decode(struct({ known: { ...reference, id: "_/a" }, preview: { ...reference, id: "" }, component: reference }));
  expect(values).toEqual({ known: "_/a", preview: UNKNOWN, component: "urn:x" });
});

test("a signature that is not known is refused, not passed on as a map", () => {
  expect(() => decode(struct({ a: { [KEY]: "ffff" } }))).toThrow("a is of a kind that this provider does not know (signature ffff)");
});

test("assets and archives with the same hash are equal, whatever their path", () => {
  expect(new Asset({ path: "./a" }, "1").equals(new Asset({ path: "./b" }, "1"))).toBe(true);
  expect(new Asset({ path: "./a" }, "1").equals(new Asset({ path: "./a" }, "2"))).toBe(false);
  expect(new Archive({ path: "./a" }).equals(new Archive({ path: "./a" }))).toBe(true);
  expect(new Archive({ path: "./a" }).equals({ path: "./a" } as Properties)).toBe(false);
});
