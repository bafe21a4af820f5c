/** Amazon States Language as JSON (https://states-language.net/spec.html), as far as both query languages have it. */
export type QueryLanguage = "JSONata" | "JSONPath";

export interface Machine {
  Comment?: string;
  QueryLanguage?: QueryLanguage;
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
  Version?: string;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  Assign?: Record<string, unknown>;
  Output?: unknown;
  ResultPath?: string | null;
}

export interface ChoiceRule {
  Condition?: string | boolean;
  Next?: string;
  Assign?: Record<string, unknown>;
  Output?: unknown;
  [operator: string]: unknown;
}

export interface State {
  Type: "Task" | "Pass" | "Wait" | "Choice" | "Parallel" | "Map" | "Succeed" | "Fail";
  Comment?: string;
  QueryLanguage?: QueryLanguage;
  Next?: string;
  End?: boolean;
  Assign?: Record<string, unknown>;
  Output?: unknown;
  Arguments?: unknown;
  Retry?: Retrier[];
  Catch?: Catcher[];
  // Task
  Resource?: string;
  TimeoutSeconds?: number | string;
  TimeoutSecondsPath?: string;
  HeartbeatSeconds?: number | string;
  HeartbeatSecondsPath?: string;
  // Pass
  Result?: unknown;
  // Wait
  Seconds?: number | string;
  SecondsPath?: string;
  Timestamp?: string;
  TimestampPath?: string;
  // Choice
  Choices?: ChoiceRule[];
  Default?: string;
  // Parallel
  Branches?: Machine[];
  // Map
  ItemProcessor?: Machine & { ProcessorConfig?: { Mode?: "INLINE" | "DISTRIBUTED"; ExecutionType?: string } };
  Iterator?: Machine;
  Items?: unknown;
  ItemsPath?: string;
  ItemSelector?: unknown;
  MaxConcurrency?: number | string;
  MaxConcurrencyPath?: string;
  ToleratedFailureCount?: number | string;
  ToleratedFailurePercentage?: number | string;
  ItemBatcher?: {
    BatchInput?: unknown;
    MaxItemsPerBatch?: number | string;
    MaxInputBytesPerBatch?: number | string;
  };
  ItemReader?: unknown;
  ResultWriter?: unknown;
  Label?: string;
  // Fail
  Error?: string;
  ErrorPath?: string;
  Cause?: string;
  CausePath?: string;
  // JSONPath
  InputPath?: string | null;
  OutputPath?: string | null;
  ResultPath?: string | null;
  Parameters?: unknown;
  ResultSelector?: unknown;
}
