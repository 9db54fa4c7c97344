import { greeting, type Visitor } from "./greeting";

/** For a browser: `…/welcome?name=Ada&language=fr`. */
export function main(visitor: Visitor) {
  return { headers: { "content-type": "text/plain; charset=utf-8" }, body: `${greeting(visitor)}\n` };
}
