import { Api, search, type Answer, type Query } from "../../api/client";
import type { Command, OptionSpec, Options, Reply } from "../../command";
import type { Context } from "../../context";
import { EXIT, explain, usageError } from "../../errors";

const adminKeyOption: OptionSpec = { flags: "--admin-key <KEY>", text: "the platform's admin KEY (STACKWHISK_ADMIN_KEY of the environment if not given)" };

/** The admin API: it has a key of its own, and takes none of a namespace. */
export class AdminApi extends Api {
  list(query: Query): Promise<Answer> {
    return this.send("GET", `/namespaces${search(query)}`);
  }
}

/** @throws CliError if nobody told which platform, or no admin key */
function adminApi(context: Context, { adminKey }: Options): AdminApi {
  const key = typeof adminKey === "string" && adminKey !== "" ? adminKey : context.io.env.STACKWHISK_ADMIN_KEY;
  if (!context.settings.apiHost) throw usageError("The API host is not valid: An API host must be provided (--apihost HOST, or WHISK_APIHOST).", EXIT.usage);
  if (!key) {
    throw usageError("The admin key is not configured: --admin-key KEY, or STACKWHISK_ADMIN_KEY. Of a platform by Pulumi it is the output 'adminKey' (pulumi stack output adminKey --show-secrets).", EXIT.usage);
  }
  return new AdminApi({ ...context.apiOptions(key), root: "/admin/v1", authorization: `Bearer ${key}` });
}

/** What the platform answers; a failure is told in the words of the command. */
export async function answered<T>(failed: string, call: Promise<Answer>): Promise<T> {
  try {
    return (await call).body as T;
  } catch (failure) {
    throw explain(failed, failure);
  }
}

/** A command of `admin`: about one namespace, if it does not say otherwise. */
type AdminCommand = Omit<Command, "arity" | "run"> & Partial<Pick<Command, "arity">> & {
  run(context: Context, api: AdminApi, args: string[], options: Options): Promise<Reply>;
};

export const adminCommand = ({ run, options = [], ...command }: AdminCommand): Command => ({
  args: "NAMESPACE",
  arity: [1, 1, "A namespace is required."],
  offline: true,
  ...command,
  options: [...options, adminKeyOption],
  run: (context, args, given) => run(context, adminApi(context, given), args, given),
});
