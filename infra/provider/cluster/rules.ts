import { members, wholeNumber, type Rule, type Rules } from "../background/rules";

/** A URL may hold a password, so no message repeats it. */
const url = (schemes: readonly string[], example: string): Rule => (value) => {
  if (URL.canParse(String(value)) && schemes.includes(new URL(String(value)).protocol)) return value;
  throw new Error(`expected a URL such as ${example}`);
};

const processes = wholeNumber("a number of processes", 1, 64);

const named = (pattern: RegExp, expected: string): Rule => (value) => {
  if (pattern.test(String(value))) return value;
  throw new Error(`expected ${expected}, got ${JSON.stringify(value)}`);
};

/** Of what a distributed platform has besides. They are the same as those of its program, which would say so too late. */
export const CLUSTER_RULES: Rules = {
  name: named(/^[A-Za-z][\w-]{0,39}$/, "up to 40 letters, digits, _ and -, beginning with a letter"),
  rabbitmq: members({ url: url(["amqp:", "amqps:"], "amqp://user:password@host:5672") }),
  mongodb: members({
    url: url(["mongodb:", "mongodb+srv:"], "mongodb://user:password@host:27017"),
    database: named(/^[\w-]{1,60}$/, "up to 60 letters, digits, _ and -"),
  }),
  controllers: processes,
  invokers: processes,
};
