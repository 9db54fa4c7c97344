import { greeting, type Visitor } from "./greeting";

export function main(visitor: Visitor) {
  return { text: greeting(visitor) };
}
