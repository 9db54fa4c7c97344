import { MongoNetworkError, MongoServerError } from "mongodb";
import { WhiskError } from "../../core/errors";
import { translated } from "./errors";

const socketError = Object.assign(new Error("write ECONNRESET"), { errno: -104, code: "ECONNRESET", syscall: "write" });

test.each([
  ["a lost connection", new MongoNetworkError("connection 3 to 127.0.0.1:27017 closed")],
  ["a server that steps down", new MongoServerError({ message: "not primary", code: 10107 })],
  ["a socket that broke while a command was being written, which the driver passes on as it is", socketError],
])("%s is a 503 that says so", (_what, error) => {
  const answer = translated(error) as WhiskError;
  expect([answer.name, answer.status, answer.message]).toEqual(["WhiskError", 503, "The database does not answer; try again later."]);
  expect((answer.cause as Error).message).toContain(error.message);
});

test.each([new Error("a defect"), new MongoServerError({ message: "unknown operator", code: 2 })])("anything else stays what it is: %s", (error) => {
  expect(translated(error)).toBe(error);
});
