/** Amazon States Language in JSONata, as far as the compiler writes it (https://states-language.net/spec.html). */
export interface Machine {
  Comment?: string;
  QueryLanguage?: "JSONata";
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL";
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  Assign?: Assign;
  Output?: unknown;
}

export type Assign = Record<string, unknown>;

interface Named {
  Comment?: string;
}

interface Leaves extends Named {
  Next?: string;
  End?: true;
  Assign?: Assign;
  Output?: unknown;
}

export interface Task extends Leaves {
  Type: "Task";
  Resource: string;
  /** Of `lambda:invoke` a function and a payload; of `states:startExecution` the other machine's. */
  Arguments: { FunctionName?: string; InvocationType?: "Event"; Payload?: unknown; [name: string]: unknown };
  TimeoutSeconds: number | string;
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface Parallel extends Leaves {
  Type: "Parallel";
  Branches: Machine[];
  Catch?: Catcher[];
}

interface ChoiceRule {
  Condition: string;
  Next: string;
  Assign?: Assign;
  Output?: unknown;
}

export interface Choice extends Named {
  Type: "Choice";
  Choices: ChoiceRule[];
  Default: string;
  Assign?: Assign;
  Output?: unknown;
}

interface Wait extends Leaves {
  Type: "Wait";
  Seconds?: number | string;
  Timestamp?: string;
}

interface Pass extends Leaves {
  Type: "Pass";
}

interface Succeed extends Named {
  Type: "Succeed";
  Output?: unknown;
}

interface Fail extends Named {
  Type: "Fail";
  Error: string;
  Cause: string;
}

export type State = Task | Parallel | Choice | Wait | Pass | Succeed | Fail;
