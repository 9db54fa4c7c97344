import { accessAction, accessPackage } from "../entities/access";
import type { ResolvedAction } from "../entities/resolve";
import { isFinal, messageOf, WhiskError } from "../errors";
import { type ActivationId, derivedActivationId } from "../ids";
import { type Activation, type ActivationResponse, applicationError, internalError } from "../model/activation";
import { isConductor } from "../model/entities";
import { MAX_SEQUENCE_LENGTH } from "../model/limits";
import { type EntityPath, keyOf } from "../model/names";
import { type Json, type JsonObject, valueOf } from "../model/parameters";
import { actionOfStep } from "./begun";
import type { OwnerContext, Plan } from "./context";
import { componentPath, conductorInput, continuationOf } from "./continuation";
import { type Budget, type CompositionCounts, durationOf, keepDerived, memoryOf, newBudget, recordOf, type Run } from "./derived";
import { makeRecord } from "./record";
import { runSingle } from "./single";

/** Texts that clients of OpenWhisk match on. */
const TEXT = {
  tooLong: "Too many actions in the composition.",
  failed: "Activation failure during composition.",
  invalid: (name: Json) => `Failed to parse action name from json value ${JSON.stringify(name)} during composition.`,
  notFound: (name: string) => `Failed to resolve action with name '${name}' during composition.`,
  notAccessible: (name: string) => `Failed entitlement check for action with name '${name}' during composition.`,
};

/** Runs of conductors that all compositions of one invocation may take together: one before, between and after all components. */
const MAX_CONDUCTORS = 2 * MAX_SEQUENCE_LENGTH + 1;

/** What came of a run: its record, or why there is none, which ends the composition. */
type Outcome = Activation | { failure: ActivationResponse };

/** How its runs are named: the conductor's n-th one, and the component's that follows it. Both follow from the composition's own id. */
const conductorId = (composition: ActivationId, turn: number) => derivedActivationId(composition, 2 * turn);
const componentId = (composition: ActivationId, turn: number) => derivedActivationId(composition, 2 * turn + 1);

/**
 * Runs a composition: a conductor says which action runs next, and is asked again with its result, until it names none.
 * All runs have ids that follow from the composition's own, so that one that is resumed finds what it had done and goes on
 * where the records end. Source: OpenWhisk's `docs/conductors.md`.
 */
export async function runComposition(context: OwnerContext, plan: Plan, budget: Budget, depth: number, run: Run): Promise<Activation> {
  const record = plan.resumed ? await recordOf(context, plan, plan.activationId) : undefined;
  return record ?? new Composition(context, plan, budget.composition ?? { conductors: 0, components: 0 }, depth, run).run();
}

class Composition {
  /** The runs of the conductor and of its components, as they came. */
  private readonly runs: Activation[] = [];

  constructor(
    private readonly context: OwnerContext,
    private readonly plan: Plan,
    private readonly counts: CompositionCounts,
    private readonly depth: number,
    private readonly runAny: Run,
  ) {}

  async run(): Promise<Activation> {
    const { action } = this.plan.action;
    const response = await this.conduct();
    const memory = Math.max(action.limits.memory, ...this.runs.map(memoryOf));
    const record = makeRecord(this.plan, {
      end: this.context.now(),
      response,
      kind: "sequence",
      logs: this.runs.map(({ activationId }) => activationId),
      duration: durationOf(this.runs),
      annotations: [
        { key: "waitTime", value: 0 },
        { key: "topmost", value: !this.plan.step },
        { key: "conductor", value: true },
        { key: "limits", value: { ...action.limits, memory } },
      ],
    });
    return keepDerived(this.context, this.plan, record);
  }

  private async conduct(): Promise<ActivationResponse> {
    let input = conductorInput(this.plan.payload, {});
    for (let turn = 0; ; turn++) {
      if (this.counts.conductors >= MAX_CONDUCTORS) return applicationError(TEXT.tooLong);
      this.counts.conductors++;
      const conductor = await this.perform(conductorId(this.plan.activationId, turn), this.plan.action, input, (plan) => runSingle(this.context, plan));
      if ("failure" in conductor) return conductor.failure;
      const continuation = continuationOf(conductor.response);
      if ("response" in continuation) return continuation.response;
      const output = await this.component(turn, continuation.action, continuation.params);
      if ("failure" in output) return output.failure;
      input = conductorInput(output.result, continuation.state);
    }
  }

  /** The result of the component that a conductor has named; an error that the conductor is told of when it cannot be run. */
  private async component(turn: number, name: Json, params: JsonObject): Promise<{ result: Json } | { failure: ActivationResponse }> {
    const path = componentPath(name, this.plan.identity.namespace);
    if (!path) return applicationError(TEXT.invalid(name));
    if (this.counts.components >= MAX_SEQUENCE_LENGTH) return applicationError(TEXT.tooLong);
    const id = componentId(this.plan.activationId, turn);
    if (this.plan.resumed) {
      // Asked first: should an earlier owner still be at work, what came before the next turn is found after it.
      const toldAlready = await this.wasBegun(conductorId(this.plan.activationId, turn + 1));
      const done = await recordOf(this.context, this.plan, id);
      if (done) {
        await this.count(done);
        return this.keep(done).response;
      }
      // The conductor was told that there is no such action, whatever there is now; what it said to that is in its record.
      if (toldAlready) return applicationError(TEXT.notFound(keyOf(path)));
    }
    const action = await actionOfStep(this.context, this.plan, id, () => this.resolve(path));
    if (typeof action === "string") return applicationError(action);
    if (!isConductor(action.action)) this.counts.components++;
    const outcome = await this.perform(id, action, params, (plan) => this.runAny(this.context, plan, newBudget(this.counts), this.depth + 1));
    return "failure" in outcome ? outcome : outcome.response;
  }

  /** A run of a blocking composition cannot be refused: the composition is under way, so it fails. Accepted work comes again. */
  private async perform(activationId: ActivationId, action: ResolvedAction, payload: JsonObject, run: (plan: Plan) => Promise<Activation>): Promise<Outcome> {
    const { plan, context } = this;
    const done = plan.resumed ? await recordOf(context, plan, activationId) : undefined;
    if (done) return this.keep(done);
    try {
      return this.keep(await run({ ...plan, activationId, action, payload, receivedAt: context.now(), cause: plan.activationId, step: true }));
    } catch (error) {
      if (plan.accepted && !isFinal(error)) throw error;
      if (!(error instanceof WhiskError)) context.logger.error({ activationId, transactionId: plan.transactionId, error: messageOf(error) }, "a run of a composition failed");
      return { failure: internalError(TEXT.failed) };
    }
  }

  private keep(run: Activation): Activation {
    this.runs.push(run);
    return run;
  }

  /** The action; why it cannot be run, if it cannot. */
  private async resolve(path: EntityPath): Promise<ResolvedAction | string> {
    const { context, plan } = this;
    const { namespace, package: name } = path;
    const ifFinal = (text: string) => (error: unknown) => {
      if (isFinal(error)) return text;
      throw error;
    };
    if (name === undefined && namespace !== plan.identity.namespace) return TEXT.notAccessible(keyOf(path));
    const refused = name === undefined ? undefined : await accessPackage(context.entities, plan.identity, { namespace, name }).then(() => undefined, ifFinal(TEXT.notAccessible(keyOf(path))));
    return refused ?? accessAction(context.entities, plan.identity, path).catch(ifFinal(TEXT.notFound(keyOf(path))));
  }

  private async wasBegun(activationId: ActivationId): Promise<boolean> {
    const { starts } = this.context.store;
    // An attempt that found no container has an end without a start.
    return ((await recordOf(this.context, this.plan, activationId)) ?? (await starts.get(activationId, 0)) ?? (await starts.ended(activationId, 0))) !== undefined;
  }

  /** Counts what was done before: a composition for its own runs. */
  private async count({ activationId, annotations, logs }: Activation): Promise<void> {
    if (valueOf(annotations, "conductor") === undefined) {
      this.counts.components++;
      return;
    }
    let turn = 0;
    for (const id of logs) {
      if (id === conductorId(activationId, turn)) {
        this.counts.conductors++;
        turn++;
        continue;
      }
      const run = await recordOf(this.context, this.plan, id);
      if (run) await this.count(run);
    }
  }
}
