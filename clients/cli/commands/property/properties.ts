/** A property that the file holds. */
export interface Property {
  key: string;
  flag: "apihost" | "auth" | "namespace" | "apiversion" | "cert" | "key";
  short?: string;
  title: string;
  text: string;
  /** Not shown when it is set. */
  secret?: boolean;
  /** What holds if it is not set. */
  standard?: string;
}

/** The properties that can be set, in the order in which they are told. */
export const changeable: readonly Property[] = [
  { key: "CERT", flag: "cert", title: "client cert", text: "file with the client certificate (PEM)", secret: true },
  { key: "KEY", flag: "key", title: "client key", text: "file with the key of the client certificate (PEM)", secret: true },
  { key: "AUTH", flag: "auth", short: "-u", title: "whisk auth", text: "authorization key", secret: true },
  { key: "APIHOST", flag: "apihost", title: "whisk API host", text: "whisk API host: HOST, HOST:PORT or http(s)://HOST:PORT" },
  { key: "APIVERSION", flag: "apiversion", title: "whisk API version", text: "whisk API version", standard: "v1" },
  { key: "NAMESPACE", flag: "namespace", title: "whisk namespace", text: "namespace of names without one", standard: "_" },
];
