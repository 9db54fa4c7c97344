import { PARAMETERS, pageUrl, type Hello, type Stop } from "./tour";

const WIDTH = 12;

export const formatStop = ({ what, how, result }: Stop): string => `  ${what.padEnd(WIDTH)}${how}\n  ${" ".repeat(WIDTH - 2)}→ ${result}`;

/** What to try next: each line does what it says when it is pasted into a shell in the checkout. */
export function nextSteps(apiHost: string, hello: Hello, stack: string): string {
  const suffix = stack === "local" ? "" : ` -- ${stack}`;
  const inStack = stack === "local" ? "" : ` --stack ${stack}`;
  const parameters = Object.entries(PARAMETERS).map(([name, value]) => `--param ${name} ${value}`).join(" ");
  const [action, query] = [hello.action, "blocking=true&result=true"];
  return `The platform is at ${apiHost}. Try next:

  export $(npm run -s env${suffix})
  curl -u "$WHISK_AUTH" -X POST "$WHISK_APIHOST/api/v1/namespaces/_/actions/${action}?${query}" -H 'Content-Type: application/json' -d '${JSON.stringify(PARAMETERS)}'
  curl '${pageUrl(hello.web)}'
  npx whisk action list
  npx whisk action invoke ${action} --result ${parameters}
  npx whisk activation list
  npm run pulumi -- preview -C stacks/hello${inStack}
  npm run pulumi -- stack output -C stacks/platform${inStack}
  npm run down${suffix}`;
}
