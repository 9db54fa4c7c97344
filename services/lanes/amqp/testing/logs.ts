import { randomPrefix } from "../../../../test/support/rabbitmq";
import { TcpProxy } from "../../../../test/support/tcpProxy";
import { until } from "../../../../test/support/until";
import type { AcceptedLog } from "../../../core/ports/lanes";
import { AmqpAcceptedLog, type AmqpAcceptedLogOptions } from "../acceptedLog";
import { pause } from "../backoff";
import { AmqpSession } from "../session";
import { removeTopology } from "../topology";
import { Lines } from "./lines";

/** Milliseconds for handlers to end. */
const CLOSE_LIMIT = 20_000;

/** A process with a log: it can be cut off from the broker, and die. */
export class LogProcess {
  readonly lines = new Lines();
  readonly session: AmqpSession;
  readonly log: AmqpAcceptedLog;

  private constructor(
    readonly proxy: TcpProxy,
    url: string,
    options: Partial<AmqpAcceptedLogOptions> & { prefix: string },
  ) {
    const { logger } = this.lines;
    this.session = new AmqpSession({ url: proxy.through(url), name: "a test", logger, backoff: { first: 10, most: 100 }, heartbeat: 1 });
    this.log = new AmqpAcceptedLog(this.session, { logger, pause: 1, ...options });
  }

  static async start(url: string, options: Partial<AmqpAcceptedLogOptions> & { prefix: string }): Promise<LogProcess> {
    const { hostname, port } = new URL(url);
    const made = new LogProcess(await TcpProxy.to({ host: hostname, port: Number(port) || 5672 }), url, options);
    await made.session.whenUp(20_000);
    return made;
  }

  /** Its connection is reset. Resolves when there is one again: it may be back before anybody could see it missing. */
  async lose(): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      const stop = this.session.onChange((up) => {
        if (up) return;
        stop();
        resolve();
      });
    });
    this.proxy.reset();
    await lost;
    await this.session.whenUp(20_000);
  }

  /** What it has not acknowledged yet it never will. Its handlers may go on. */
  async die(): Promise<void> {
    await this.proxy.close();
    void this.log.close();
    await this.session.close();
  }

  /** A handler that waits for what a failed test does not do any more is left behind. */
  async close(): Promise<void> {
    const late = new AbortController();
    await Promise.race([this.log.close(), pause(CLOSE_LIMIT, late.signal)]);
    late.abort();
    await this.session.close();
    await this.proxy.close();
  }
}

/** A log whose processes come one after the other, as the contract wants it. */
export class LogInBroker {
  readonly prefix = randomPrefix();
  private process?: LogProcess;
  /** Entries that are not done. */
  private left = 0;

  constructor(
    private readonly url: string,
    private readonly options: Partial<AmqpAcceptedLogOptions>,
  ) {}

  async open(): Promise<AcceptedLog> {
    const { log } = (this.process = await LogProcess.start(this.url, { ...this.options, prefix: this.prefix }));
    return {
      append: async (message) => {
        await log.append(message);
        this.left++;
      },
      consume: (handler) =>
        log.consume(async (message, delivery) => {
          await handler(message, delivery);
          this.left--;
        }),
      depth: () => log.depth(),
      close: () => log.close(),
    };
  }

  /** The broker takes a moment to put back what a process had that died. */
  async restart(): Promise<AcceptedLog> {
    const { left } = this;
    await this.process?.die();
    const log = await this.open();
    await until(`${left} entries`, async () => (await log.depth()) === left);
    this.left = left;
    return log;
  }

  async cleanup(): Promise<void> {
    await this.process?.close();
    const session = new AmqpSession({ url: this.url, name: "the end of a test", logger: new Lines().logger });
    await removeTopology(session, this.prefix);
    await session.close();
  }
}
