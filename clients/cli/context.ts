import { Api, type ApiOptions } from "./api/client";
import { Trace } from "./api/trace";
import { undiciTransport, type Transport } from "./api/transport";
import { invalidName, qualifiedName, type QualifiedName } from "./args/names";
import type { KeyValueFlags } from "./args/key-values";
import type { Options } from "./command";
import { identityFrom } from "./config/identity";
import { checkSettings, hostUrl, settingsFrom, type Settings } from "./config/settings";
import { propsFile, readProps } from "./config/wskprops";
import { styleFor, type Style } from "./output/style";
import { version } from "./package.json";

export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** Everything outside that a run touches; only `main.ts` passes the real things. */
export interface Io {
  env: NodeJS.ProcessEnv;
  home: string;
  cwd: string;
  stdout: OutputStream;
  stderr: OutputStream;
  /** How requests travel. @default undici */
  transport?: Transport;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
  /** Waits; ends early, without an error, when the signal says so. @default a timer */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asks that an interruption (Ctrl-C) is told through a signal instead of ending the process. */
  onInterrupt?: () => AbortSignal;
}

/** What a command works with. */
export class Context {
  readonly settings: Settings;
  readonly style: Style;
  readonly errorStyle: Style;
  readonly propsFile: string;
  readonly version = version;
  private connected: Api | undefined;

  constructor(
    readonly io: Io,
    readonly globals: Options,
    readonly keyValues: KeyValueFlags,
  ) {
    this.propsFile = propsFile(io.env, io.home);
    this.settings = settingsFrom(globals, io.env, readProps(this.propsFile));
    this.style = styleFor(io.stdout, io.env);
    this.errorStyle = styleFor(io.stderr, io.env);
  }

  get json(): boolean {
    return this.globals.json === true;
  }

  /** The platform. @throws CliError if nobody told which one, or no key */
  get api(): Api {
    return this.connect();
  }

  /** Makes sure that it is known which platform is meant; sends nothing. @throws CliError if it is not */
  connect(): Api {
    return (this.connected ??= this.createApi());
  }

  name(written: string): QualifiedName {
    return qualifiedName(written, this.settings.namespace);
  }

  /** @throws CliError if the name is only that of a namespace, too */
  entity(written: string): QualifiedName {
    const name = this.name(written);
    if (name.entityName === "") throw invalidName(written);
    return name;
  }

  now(): number {
    return (this.io.now ?? Date.now)();
  }

  private createApi(): Api {
    checkSettings(this.settings);
    return new Api(this.apiOptions(this.settings.auth));
  }

  /** How the platform is talked to by whoever has this key. @throws CliError if its address is no such one */
  apiOptions(auth: string): ApiOptions {
    const { apiHost, apiVersion } = this.settings;
    const insecure = this.globals.insecure === true;
    const level = this.globals.debug || this.io.env.WSK_CLI_DEBUG ? "debug" : this.globals.verbose ? "verbose" : "off";
    const trace = new Trace(level, (text) => this.io.stderr.write(text), auth);
    trace.note(`properties file: ${this.propsFile || "(none)"}, API host: ${apiHost}`);
    return {
      apiHost: hostUrl(apiHost),
      auth,
      version: apiVersion,
      insecure,
      identity: identityFrom(this.settings, insecure, this.io.cwd),
      userAgent: `whisk/${version} (${process.platform} ${process.arch})`,
      transport: this.io.transport ?? undiciTransport(this.io.env),
      trace,
    };
  }
}
