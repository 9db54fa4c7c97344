import { describeWithOther } from "../support/needs";
import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

const exec = { kind: "nodejs:default", code: "function main() { return { namespace: process.env.__OW_NAMESPACE } }" };
const MISSING = "The requested resource does not exist.";

/** What one namespace may do with another's packages. */
export function sharingCases(suite: Suite): void {
  const { n } = suite;
  const [open, closed, bound] = [n("open"), n("closed"), n("bound")];

  describeWithOther(suite.target, "another namespace", () => {
    const no = (path: string) => `The supplied authentication is not authorized to access '{ns}/${path}'.`;
    const theirs = "/api/v1/namespaces/{ns}";

    beforeAll(async () => {
      await suite.api.must(`PUT packages/${open}`, { body: { publish: true, parameters: [{ key: "p", value: "P" }] } });
      await suite.api.must(`PUT packages/${closed}`, { body: {} });
      for (const each of [open, closed]) await suite.api.must(`PUT actions/${each}/act`, { body: { exec } });
      await suite.api.must(`PUT packages/${n("open-binding")}`, { body: { binding: { namespace: "_", name: open }, publish: true } });
      await suite.other.must(`PUT packages/${bound}`, { body: { binding: { namespace: suite.namespace, name: open }, parameters: [{ key: "b", value: "B" }] } });
      await suite.other.must(`PUT actions/${n("chain")}`, { body: { exec: { kind: "sequence", components: [`/${suite.namespace}/${open}/act`, `/_/${bound}/act`] } } });
    });

    rows(suite, [
      { does: "sees a public package", call: `GET ${theirs}/packages/${open}`, as: "other", status: 200, gives: { name: open, namespace: "{ns}", publish: true } },
      { does: "does not see a private package", call: `GET ${theirs}/packages/${closed}`, as: "other", status: 403, error: no(closed) },
      { does: "cannot tell a package that does not exist from a private one", call: `GET ${theirs}/packages/${n("none")}`, as: "other", status: 403, error: no(n("none")) },
      { does: "does not see a binding, though published", call: `GET ${theirs}/packages/${n("open-binding")}`, as: "other", status: 403, error: no(n("open-binding")) },
      {
        does: "finds in the list of packages the public ones, without bindings",
        call: `GET ${theirs}/packages?limit=200`,
        as: "other",
        status: 200,
        gives: ({ body }) => {
          const names = (body as { name: string }[]).map(({ name }) => name);
          expect([names.includes(open), names.includes(closed), names.includes(n("open-binding"))]).toEqual([true, false, false]);
        },
      },
      { does: "gets an action of a public package", call: `GET ${theirs}/actions/${open}/act`, as: "other", status: 200, gives: { name: "act", namespace: `{ns}/${open}` } },
      { does: "lists the actions of a public package", call: `GET ${theirs}/actions/${open}/`, as: "other", status: 200, gives: ({ body }) => expect(body).toHaveLength(1) },
      { does: "does not list those of a private package", call: `GET ${theirs}/actions/${closed}/`, as: "other", status: 403 },
      { does: "does not get an action of a private package", call: `GET ${theirs}/actions/${closed}/act`, as: "other", status: 403, error: no(closed) },
      { does: "does not invoke an action of a private package", call: `POST ${theirs}/actions/${closed}/act`, as: "other", status: 403, error: no(closed) },
      { does: "is not told of one that it has sent too much", call: `POST ${theirs}/actions/${closed}/act`, as: "other", body: { a: "a".repeat(1_048_576) }, status: 403, error: no(closed) },
      { does: "is not told of one that a flag is none", call: `POST ${theirs}/actions/${closed}/act?result=maybe`, as: "other", status: 403, error: no(closed) },
      { does: "does not invoke an action outside of packages", call: `POST ${theirs}/actions/${n("echo")}`, as: "other", status: 403, error: no(n("echo")) },
      { does: "invokes an action of a public package", call: `POST ${theirs}/actions/${open}/act`, as: "other", status: 202 },
      { does: "puts nothing into a public package", call: `PUT ${theirs}/actions/${open}/mine`, as: "other", body: { exec }, status: 403, error: no(`${open}/mine`) },
      { does: "overwrites nothing in a public package", call: `PUT ${theirs}/actions/${open}/act?overwrite=true`, as: "other", body: {}, status: 403, error: no(`${open}/act`) },
      { does: "deletes nothing from a public package", call: `DELETE ${theirs}/actions/${open}/act`, as: "other", status: 403, error: no(`${open}/act`) },
      { does: "does not change a public package", call: `PUT ${theirs}/packages/${open}?overwrite=true`, as: "other", body: {}, status: 403, error: no(open) },
      { does: "does not delete a public package", call: `DELETE ${theirs}/packages/${open}`, as: "other", status: 403, error: no(open) },
      { does: "binds a public package", call: `PUT packages/${n("bound-2")}`, as: "other", body: { binding: { namespace: "{ns}", name: open } }, status: 200, gives: { namespace: "{other}", binding: { namespace: "{ns}", name: open } } },
      { does: "does not bind a private package", call: `PUT packages/${n("bound-3")}`, as: "other", body: { binding: { namespace: "{ns}", name: closed } }, status: 403, error: no(closed) },
      { does: "gets an action through its binding, with the parameters of both", call: `GET actions/${bound}/act`, as: "other", status: 200, gives: ({ body }) => expect((body.parameters as { key: string }[]).map(({ key }) => key).sort()).toEqual(["b", "p"]) },
      { does: "does not get an action through its binding that does not exist", call: `GET actions/${bound}/none`, as: "other", status: 404, error: MISSING },
      { does: "puts nothing into its binding", call: `PUT actions/${bound}/mine`, as: "other", body: { exec }, status: 400, error: "Operation not permitted on package binding." },
      { does: "has no sequence of another's private actions", call: `PUT actions/${n("chain-2")}`, as: "other", body: { exec: { kind: "sequence", components: [`/{ns}/${closed}/act`] } }, status: 403 },
      { does: "has no rule to another's private action", call: `PUT rules/${n("rule-2")}`, as: "other", body: { trigger: "/_/x", action: `/{ns}/${n("echo")}` }, status: 403 },
      { does: "does not fire a trigger", call: `POST ${theirs}/triggers/${n("x")}`, as: "other", status: 403, error: no(n("x")) },
      { does: "does not see activations", call: `GET ${theirs}/activations`, as: "other", status: 403, error: "The supplied authentication is not authorized to access '{ns}'." },
    ]);

    test("runs a shared action as itself, and has the record", async () => {
      const { body } = await suite.other.call(`POST /api/v1/namespaces/${suite.namespace}/actions/${open}/act?blocking=true`);
      expect(body).toMatchObject({ namespace: suite.otherNamespace, response: { result: { namespace: suite.otherNamespace } } });
      expect(annotation(body, "path")).toBe(`${suite.namespace}/${open}/act`);
      expect((await suite.record(body.activationId as string, suite.other)).name).toBe("act");
      expect((await suite.api.call(`GET activations/${body.activationId}`)).status).toBe(404);
    });

    test("runs a sequence of shared actions, directly and through its binding", async () => {
      expect((await suite.other.invoke(n("chain"))).body).toEqual({ namespace: suite.otherNamespace });
    });

    test("runs an action through its binding, and the record names the binding", async () => {
      const record = await suite.other.run(`${bound}/act`);
      expect([annotation(record, "path"), annotation(record, "binding")]).toEqual([`${suite.namespace}/${open}/act`, `${suite.otherNamespace}/${bound}`]);
    });

    test("loses all of it when the package becomes private", async () => {
      const [shared, mine] = [n("open-close"), n("bound-close")];
      await suite.api.must(`PUT packages/${shared}`, { body: { publish: true } });
      await suite.api.must(`PUT actions/${shared}/act`, { body: { exec } });
      await suite.other.must(`PUT packages/${mine}`, { body: { binding: { namespace: suite.namespace, name: shared } } });
      await suite.other.must(`PUT actions/${n("chain-close")}`, { body: { exec: { kind: "sequence", components: [`/_/${mine}/act`] } } });
      expect((await suite.other.invoke(`${mine}/act`)).status).toBe(200);
      await suite.api.must(`PUT packages/${shared}?overwrite=true`, { body: { publish: false } });
      for (const call of [`GET packages/${mine}`, `GET actions/${mine}/act`, `POST actions/${mine}/act`, `POST actions/${n("chain-close")}`]) expect([call, (await suite.other.call(call)).status]).toEqual([call, 403]);
    });
  });
}
