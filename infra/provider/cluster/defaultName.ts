import { createHash } from "node:crypto";
import { projectOf, stackOf } from "../background/urn";

const LONGEST = 40;
const HASH = 8;

/** Name of a platform that was given none, on servers where others have theirs: `<project>-<stack>`, as far as it is allowed. */
export function defaultName(urn: string): string {
  const whole = `${projectOf(urn)}-${stackOf(urn)}`;
  const allowed = whole.replace(/[^\w-]+/g, "-").replace(/^[^A-Za-z]+/, "");
  if (allowed === whole && whole.length <= LONGEST) return whole;
  // What was cut off or replaced tells it from others.
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH);
  return `${(allowed || "platform").slice(0, LONGEST - HASH - 1)}-${hash}`;
}
