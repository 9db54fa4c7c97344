import { connect } from "node:net";

/** Milliseconds between two attempts. */
const PAUSE = { first: 4, longest: 50 };
/** Milliseconds for one: an address that nobody has answers nothing. */
const ATTEMPT_LIMIT = 1_000;

/** Resolves to true when somebody listens there, to false when `given up` says so. */
export async function listens(host: string, port: number, givenUp: () => boolean): Promise<boolean> {
  for (let pause = PAUSE.first; !givenUp(); pause = Math.min(pause * 1.5, PAUSE.longest)) {
    if (await accepts(host, port)) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return false;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(ATTEMPT_LIMIT, () => done(false));
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}
