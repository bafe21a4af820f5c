import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { connectedForPlan, endpointOf } from "../../runtime/sql/database.ts";
import { shown, tableName } from "../../runtime/sql/names.ts";
import { ensureSchema, keepRecord, markUndone, mayKeep, recordOf } from "../../runtime/sql/own-schema.ts";
import { expressionProblem } from "../../runtime/sql/statement.ts";
import { transaction, unexpected, writtenRows } from "../../runtime/sql/transaction.ts";
import { digest } from "../../runtime/tokens.ts";
import { correct, detect, keepWrong, keyOf, putBack, stillWrong } from "./rows.ts";
import { sqlFix } from "./spec.ts";
import { strayWrites } from "./stray.ts";

type Input = z.output<typeof sqlFix.input>;
type Before = z.output<typeof sqlFix.before>;
interface Done {
  corrected: number;
  passed: number;
  others: number;
}

/** Bytes of keys that a run may carry: its data ends at 256 KiB, and other steps' are in it too. */
const KEYS_LARGEST = 48 * 1024;

const placeOf = ({ table, database, instance }: Input) =>
  `${shown(tableName(table))} in ${database} on ${instance}`;
const stepKey = ({ run: { id }, step }: StepContext) => ({ run: id, step: step.id });

function refuseTexts(input: Input): void {
  for (const [where, text] of [
    ["where", input.where],
    ...Object.entries(input.set).map(([column, expression]) => [`set.${column}`, expression] as const),
  ] as const) {
    const problem = expressionProblem(text);
    if (problem) throw refusal(`\`${where}\` ${problem}. Nothing was changed. Correct the plan.`);
  }
}

const answer = (input: Input, { address, port }: Before, { corrected, passed, others }: Done) => ({
  done: true,
  note:
    `${corrected} row(s) of ${placeOf(input)} corrected` +
    `${passed > 0 ? `, ${passed} were right again by then` : ""}${others > 0 ? `, ${others} became wrong since and were left alone` : ""}`,
  outputs: { corrected, passed, others, address, port },
});

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    refuseTexts(input);
    const at = await endpointOf(input.instance);
    return connectedForPlan(input, at, input.statementSeconds, async (client) => {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await mayKeep(client, input.database);
      const key = await keyOf(client, input.table);
      if (key.length === 0)
        throw refusal(
          `${placeOf(input)} is not there or has no primary key, so its rows cannot be told apart. Nothing was changed. Correct the plan.`,
        );
      const own = key.find(({ name }) => name in input.set);
      if (own)
        throw refusal(
          `\`set\` would change ${own.name}, which is part of the primary key. Nothing was changed. Correct the plan.`,
        );
      const { keys, shows } = await detect(client, input, key, input.cap);
      await client.query("ROLLBACK");
      if (keys.length > input.cap)
        throw refusal(
          `More than ${input.cap} rows of ${placeOf(input)} fulfil the condition, and the plan corrects ${input.cap} at the most (cap). Nothing was changed. Look at them first; raise the cap if they are all wrong.`,
        );
      if (Buffer.byteLength(JSON.stringify(keys)) > KEYS_LARGEST)
        throw refusal(
          `The keys of ${keys.length} rows of ${placeOf(input)} are more than a run can carry (${KEYS_LARGEST / 1024} KiB). Nothing was changed. Narrow the condition.`,
        );
      const columns = Object.keys(input.set).join(", ");
      return {
        before: {
          ...at,
          key: key.map(({ name }) => name),
          rows: keys,
          digest: digest(JSON.stringify(keys), 16),
        },
        after: { rows: keys.length, digest: digest(JSON.stringify(keys), 16) },
        summary:
          keys.length === 0
            ? `no row of ${placeOf(input)} is wrong`
            : `${keys.length} row(s) of ${placeOf(input)} get another ${columns}, and no other row`,
        evidence: [
          ...shows,
          ...(keys.length > shows.length ? [`and ${keys.length - shows.length} more`] : []),
        ],
        expects: { ...at },
        ...(keys.length > 0
          ? {
              keeps: [
                `the ${keys.length} row(s) as they were, in rollback_watchdog.kept_rows of ${input.database}`,
              ],
            }
          : {}),
      };
    });
  },

  apply: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const step = stepKey(context);
      const known = await recordOf<Done>(client, step);
      if (known && !known.undone) return answer(input, before, known.what);
      await ensureSchema(client);
      const doing = `Correcting ${placeOf(input)}`;
      const given = { doing, lockSeconds: input.lockSeconds, isolation: "READ COMMITTED" } as const;
      const done = await transaction(client, given, async () => {
        const key = await keyOf(client, input.table);
        if (key.map(({ name }) => name).join() !== before.key.join())
          throw new WatchdogError(
            "ChangedSincePreflight",
            `The primary key of ${placeOf(input)} is not what it was when the run began. Nothing was changed. Find out who changed it.`,
          );
        const wrong = await keepWrong(client, input, key, before.rows, step);
        const corrected = await correct(client, input, key, wrong, step);
        const left = await stillWrong(client, input, key, before.rows);
        const stray = strayWrites(await writtenRows(client), input.table, input.alsoWrites, corrected);
        const problems = [
          ...(corrected === wrong.length ? [] : [`${corrected} of ${wrong.length} rows were corrected`]),
          ...(left.recorded > 0 ? [`${left.recorded} corrected row(s) are still wrong`] : []),
          ...stray,
        ];
        if (problems.length > 0) throw unexpected(`${placeOf(input)}: ${problems.join("; ")}.`);
        const what: Done = {
          corrected,
          passed: before.rows.length - wrong.length,
          others: left.all,
        };
        await keepRecord(client, step, what);
        return what;
      });
      return answer(input, before, done);
    }),

  poll: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const known = await recordOf<Done>(client, stepKey(context));
      const applied = known !== undefined && !known.undone;
      if (context.phase === "revert") return { done: !applied, note: `${placeOf(input)} as before` };
      return applied
        ? answer(input, before, known.what)
        : { done: false, note: `${placeOf(input)} not yet corrected` };
    }),

  revert: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const step = stepKey(context);
      const known = await recordOf<Done>(client, step);
      if (!known || known.undone) return { done: true, note: `${placeOf(input)} was not changed` };
      const doing = `Undoing the correction of ${placeOf(input)}`;
      const given = { doing, lockSeconds: input.lockSeconds, isolation: "READ COMMITTED" } as const;
      return transaction(client, given, async () => {
        const key = await keyOf(client, input.table);
        const columns = Object.keys(input.set);
        const { rows, kept } = await putBack(client, input.table, columns, key, step);
        if (rows === 0 && kept > 0)
          throw new WatchdogError(
            "ChangedSincePreflight",
            `All ${kept} corrected rows of ${placeOf(input)} were written to since. They were left as they are. What they were is in rollback_watchdog.kept_rows (run ${step.run}, step ${step.step}).`,
          );
        await markUndone(client, step);
        const left = kept - rows;
        return {
          done: true,
          note: `${rows} row(s) of ${placeOf(input)} as before${left > 0 ? `; ${left} were written to since and left as they are, see rollback_watchdog.kept_rows` : ""}`,
        };
      });
    }),
};

export const handler = serveAction(sqlFix, verbs);
