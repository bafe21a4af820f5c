import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { addApproval } from "./approval.ts";
import { addBaselines } from "./baselines.ts";
import { addDashboard } from "./dashboard.ts";
import { addDeadLetters } from "./dead-letters.ts";
import { addEscalation } from "./escalation.ts";
import { type Network, PlanFunctions } from "./functions.ts";
import { addGate } from "./gate.ts";
import { addHandlers } from "./handlers.ts";
import { addJudge } from "./judge.ts";
import { attendantRole } from "./machine.ts";
import { explainWildcards } from "./nag.ts";
import { networkOf } from "./network.ts";
import { addNotifications } from "./notifications.ts";
import { addOversight } from "./oversight.ts";
import { loadPlanOrThrow } from "./plan/load.ts";
import { type RampEvents, rampEvents } from "./plan/ramp-visits.ts";
import { registries } from "./plan/registries.ts";
import type { Plan } from "./plan/schema.ts";
import { addPractice } from "./practice.ts";
import { addHold, noticeStoppedRamps } from "./redeploy.ts";
import { addRehearsal } from "./rehearsal.ts";
import { addSelfAlarms } from "./self-alarms.ts";
import { addStateMachine } from "./state-machine.ts";
import { addKinds } from "./steps.ts";
import { addStore } from "./store.ts";
import { addTriggers } from "./triggers.ts";
import type { Estimate } from "./workflow/estimate.ts";

export interface RollbackWatchdogProps {
  /** A plan's file, or a plan that `loadPlanOrThrow` has read. */
  plan: string | Plan;
  /** What `buildBundles()` made: the code of the functions. */
  bundles: Record<string, { folder: string }>;
  /** Where functions that open database connections run, instead of the plan's own `vpc`. */
  network?: Network;
  /** Addresses to tell beside those of the plan. */
  email?: string[];
}

/**
 * One plan as AWS resources: alarms, rules, functions, one state machine, records, notices. Shares nothing with
 * another plan's.
 *
 * @throws PlanError with every problem of a plan given as a file.
 */
export class RollbackWatchdog extends Construct {
  /** Start a run by hand: `aws stepfunctions start-execution` with `{"reason": "…", "dryRun": true}`. */
  readonly stateMachine: StateMachine;
  /** Called by the alarms. */
  readonly trigger: LambdaFunction;
  /** Lock, freeze, history and deployments. */
  readonly table: Table;
  readonly reports: Bucket;
  readonly topic: Topic;
  /** Custom notifications for chat, if the plan wants them. */
  readonly chatTopic: Topic | undefined;
  /** Alarms and deployments that could not be taken. */
  readonly deadLetters: Queue;
  /** Where approvers decide; undefined for a plan that asks nobody. */
  readonly approvalUrl: string | undefined;
  /** Every function of this plan. */
  readonly functions: LambdaFunction[];
  /** What a run may take at the most. */
  readonly estimate: Estimate;
  /** History events of the longest ramp and of the longest part of its holds; undefined for a plan without one. */
  readonly rampEvents: RampEvents | undefined;

  constructor(scope: Construct, id: string, props: RollbackWatchdogProps) {
    super(scope, id);
    const plan = typeof props.plan === "string" ? loadPlanOrThrow(props.plan) : props.plan;
    const { service } = plan;
    const { table, reports } = addStore(this, service);
    this.table = table;
    this.reports = reports;
    const topics = addNotifications(this, plan, props.email ?? []);
    this.topic = topics.notices;
    this.chatTopic = topics.chat;
    this.deadLetters = addDeadLetters(this);
    const functions = new PlanFunctions(this, service, props.bundles, {
      SERVICE: service,
      TABLE_NAME: table.tableName,
    });
    this.functions = functions.all;

    const attendant = attendantRole(this, service);
    const handlers = addHandlers(this, plan, functions, {
      table,
      topics,
      reports,
      attendant,
      deadLetters: this.deadLetters,
    });
    const { announcer, observer, keeper } = handlers;
    const kinds = addKinds(this, plan, functions, { table, network: props.network ?? networkOf(this, plan) });
    const judge = addJudge(this, plan, functions, { table, topic: this.topic, kinds, observer });
    const approval = addApproval(this, plan, functions, { table, key: this.topic.masterKey! });
    this.approvalUrl = approval?.url;
    const ladder = addEscalation(this, plan, functions, { table, topics, announcer, attendant });
    const ramp = addHold(this, plan, functions, { keeper, attendant, kinds });
    const { machine, redeploy, workflow } = addStateMachine(
      this,
      plan,
      { ...handlers.published, approval: approval?.published, redeploy: ramp?.published },
      kinds,
      judge,
      { escalation: ladder, hold: ramp?.hold },
    );
    this.stateMachine = machine;
    this.estimate = workflow.estimate;
    this.rampEvents = plan.redeploy && rampEvents(plan, registries);
    addGate(this, service);
    addRehearsal(this, plan, { topic: this.topic, kinds, judge, attendant });
    const practice = addPractice(this, plan, functions, {
      topic: this.topic,
      kinds,
      observer,
      report: handlers.published.report,
      deadLetters: this.deadLetters,
    });
    addBaselines(this, plan, functions, observer);
    const { trigger, alarms } = addTriggers(this, plan, functions, {
      machine,
      table,
      deadLetters: this.deadLetters,
      keeper,
    });
    this.trigger = trigger;
    if (ramp && redeploy)
      noticeStoppedRamps(this, service, {
        machine: redeploy,
        keeps: ramp.keeps,
        topic: this.topic,
        deadLetters: this.deadLetters,
        ladder: ladder && { machine: ladder, role: attendant },
      });
    const own = addSelfAlarms(this, service, {
      topics,
      deadLetters: this.deadLetters,
      machine,
      ladder: ladder && { machine: ladder, role: attendant },
    });
    if (practice) own.push(practice.alarm);
    own.push(...addOversight(this, plan, functions, { table, topic: topics.notices, observer }));
    addDashboard(this, plan, { alarms: [...alarms.values()], own, machine, functions: functions.all });
    explainWildcards(this);
  }
}
