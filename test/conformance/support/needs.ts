import { noteLeftOut } from "../../support/leftOut";
import type { Target } from "./target";

/** `describe` for checks that need a second namespace. Without one they are left out, and that is told. */
export function describeWithOther(target: Target, name: string, checks: () => void): void {
  only(target.hasOther, name, "The key of a second namespace is not known (AUTH_OTHER).", checks);
}

/** `describe` for checks that need namespaces with limits of their own. */
export function describeWithAdmin(target: Target, name: string, checks: () => void): void {
  only(target.hasAdmin, name, "The key of an admin API is not known (ADMIN_KEY).", checks);
}

/** `describe` for checks that need a runtime. */
export function describeWithRuntime(target: Target, family: string, name: string, checks: () => void): void {
  only(target.families.includes(family), name, `The server has no runtime '${family}'.`, checks);
}

function only(possible: boolean, name: string, reason: string, checks: () => void): void {
  if (possible) return describe(name, checks);
  noteLeftOut(name, reason);
  describe.skip(name, checks);
}
