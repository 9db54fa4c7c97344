import { createColors } from "picocolors";

/** How words stand out on one stream; nothing is added where nobody looks. */
export interface Style {
  ok: string;
  error: string;
  bold(text: string): string;
}

/** Colours for a terminal, unless `NO_COLOR` says no (https://no-color.org) or it is a dumb one. */
export function styleFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  const { green, red, bold } = createColors(stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
  return { ok: green("ok:"), error: red("error: "), bold: (text) => (text === "" ? "" : bold(text)) };
}
