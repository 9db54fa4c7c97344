import type { RequestListener } from "node:http";
import { Counter, type Registry } from "prom-client";
import { tally } from "./readings";
import { type Timer, Timings } from "./timings";

/** Classes of what is answered by the first digit of the status; the first one: the client went away before. */
const CLASSES = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;
/** What a service says when it has too much to do. */
const REFUSALS: ReadonlySet<number> = new Set([429, 503]);

/** Counts and times what an HTTP service answers. Paths are no labels: there is no end of them. */
export function observeRequests(registry: Registry, app: RequestListener, now: () => number = () => performance.now()): RequestListener {
  const requests = new Counter({ name: "stackwhisk_http_requests_total", help: "Requests, by method and class of status; none: the client did not wait.", labelNames: ["method", "status"], registers: [registry] });
  const refused = tally(registry, { name: "stackwhisk_http_refused_total", help: "Requests that were refused for too much work: 429 of one namespace, 503 of the platform.", label: "status" }, ["429", "503"]);
  const durations = new Timings<"method">(registry, { name: "stackwhisk_http_request_duration_seconds", help: "From the request's headers to the end of the answer." });
  const methods = new Map<string, { timer: Timer; count: (() => void)[] }>();
  // Node takes only the methods that it knows, so there are few; most of them never come.
  const of = (method: string) => {
    let known = methods.get(method);
    if (!known) {
      const count = CLASSES.map((status) => {
        const child = requests.labels(method, status);
        return () => child.inc();
      });
      methods.set(method, (known = { timer: durations.timer({ method }), count }));
    }
    return known;
  };
  return (request, response) => {
    const begin = now();
    const { timer, count } = of(request.method!);
    response.on("close", () => {
      timer.observe(now() - begin);
      const { statusCode, writableFinished } = response;
      count[writableFinished ? Math.floor(statusCode / 100) : 0]!();
      if (writableFinished && REFUSALS.has(statusCode)) refused[String(statusCode) as keyof typeof refused]();
    });
    app(request, response);
  };
}
