import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { serveActionsApart } from "./actionSide";

const asked = (networks: string[], remoteAddress: string): string => {
  let by = "";
  const app = (name: string): RequestListener => () => (by = name);
  serveActionsApart(networks, app("all"), () => app("actions"))({ socket: { remoteAddress } } as IncomingMessage, {} as ServerResponse);
  return by;
};

test("requests from the networks of actions are served apart, whatever form their address has", () => {
  expect(asked(["172.20.0.0/16"], "172.20.3.4")).toBe("actions");
  expect(asked(["172.20.0.0/16"], "::ffff:172.20.3.4")).toBe("actions");
  expect(asked(["10.0.0.0/8", "fd00:1::/64"], "fd00:1::5")).toBe("actions");
  expect(asked(["172.20.0.0/16"], "172.21.3.4")).toBe("all");
  expect(asked(["172.20.0.0/16"], "127.0.0.1")).toBe("all");
  expect(asked(["172.20.0.0/16"], "::1")).toBe("all");
  expect(asked([], "172.20.3.4")).toBe("all");
});
