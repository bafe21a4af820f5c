import { type Operation, operation, ServiceException } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** A setting of a bucket that the sandbox stores and answers, and does nothing else with. */
interface Setting {
  /** IAM actions; several operations share one. */
  readAction: string;
  writeAction: string;
  /** The error for a bucket that has none. */
  missing: { code: string; message: string };
  /** What every bucket has from the start. */
  initial?: unknown;
}

interface OnBucket {
  Bucket?: string | undefined;
}

/** The three operations of one setting; `member` is where the Put request carries it. */
export function settingOperations<Put extends OnBucket, Answer>(
  member: keyof Put & string,
  answer: (value: never) => Answer,
  setting: Setting,
): { put: Operation<Put, object>; get: Operation<OnBucket, Answer>; remove: Operation<OnBucket, object> } {
  const authorize = (action: string) => (input: OnBucket) => [
    { action, resources: [bucketArn(input.Bucket)] },
  ];
  return {
    put: operation<Put, object>({
      authorize: authorize(setting.writeAction),
      run: (input, { world }) => {
        bucketOf(world, input.Bucket).settings.set(member, input[member]);
        return {};
      },
    }),
    get: operation<OnBucket, Answer>({
      authorize: authorize(setting.readAction),
      run: (input, { world }) => {
        const value = bucketOf(world, input.Bucket).settings.get(member) ?? setting.initial;
        if (value === undefined)
          throw new ServiceException(setting.missing.code, setting.missing.message, { status: 404 });
        return answer(value as never);
      },
    }),
    remove: operation<OnBucket, object>({
      authorize: authorize(setting.writeAction),
      run: (input, { world }) => {
        bucketOf(world, input.Bucket).settings.delete(member);
        return {};
      },
    }),
  };
}
