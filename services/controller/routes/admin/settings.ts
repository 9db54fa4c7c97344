/** How the admin API of a platform is set up. */
export interface AdminSettings {
  /** What opens it: a credential of its own, never one of a namespace. Absent: there is no admin API. */
  key?: string;
  /** Namespaces that the platform makes itself at each start. */
  permanent: readonly string[];
  /** Why there can be no further namespace beside those, with the way out. @default there can */
  refuseAnother?: (present: readonly string[]) => string | undefined;
}
