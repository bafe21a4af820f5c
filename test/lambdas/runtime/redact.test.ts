import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactText } from "../../../lambdas/runtime/redact.ts";

const TELLING = [
  "password",
  "Password",
  "MasterUserPassword",
  "token",
  "ClientRequestToken",
  "authorization",
];

describe("redact", () => {
  it.each([...TELLING, "SecretString", "clientSecret", "apiKey", "api_key", "privateKey", "credentials"])(
    "blanks %s whatever it holds, also what looks like a harmless word",
    (key) => {
      for (const value of ["hunter2", "correct horse", "a/b-c", '{"x":1}', ""])
        expect(redact({ [key]: value })).toEqual({ [key]: "***" });
    },
  );

  it("leaves no canary below a telling name, however deep it lies", () => {
    const canary = "canary-7f3a";
    fc.assert(
      fc.property(
        fc.constantFrom(...TELLING),
        fc.constantFrom<(value: string) => unknown>(
          (value) => value,
          (value) => [value],
          (value) => ({ value }),
          (value) => ({ list: [{ value }] }),
        ),
        fc.array(fc.string(), { maxLength: 4 }),
        (key, wrap, path) => {
          const value = path.reduce<unknown>((inner, name) => ({ [name]: [inner] }), { [key]: wrap(canary) });
          expect(JSON.stringify(redact(value))).not.toContain(canary);
        },
      ),
    );
  });

  it("keeps what says which secret it was: its name, ARN, id and version", () => {
    const value = {
      secret: "lab/database",
      secretId: "lab/database",
      secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:lab/database-AbCdEf",
      currentVersionId: "0f0e0d0c",
    };

    expect(redact(value)).toEqual(value);
  });

  it("changes nothing else, and not its argument", () => {
    const value = { note: "done", count: 3, list: [{ ok: true }, null], password: "x y" };
    const copy = structuredClone(value);

    expect(redact(value)).toEqual({ ...copy, password: "***" });
    expect(value).toEqual(copy);
  });
});

describe("redactText", () => {
  it.each([
    "secret: hunter2-canary",
    "the secret:hunter2-canary",
    "my_secret = hunter2-canary",
    '"api_key": "hunter2-canary"',
    "Bearer hunter2-canary",
    "postgres://app:hunter2-canary@db",
    "AWS_SECRET_ACCESS_KEY=hunter2/canary",
    "-----BEGIN RSA PRIVATE KEY-----\nhunter2-canary\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nhunter2-canary, cut",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.hunter2-canary",
    "refused ghp_hunter2canary0123456789abcdef",
    "refused xoxb-1234567890-hunter2-canary",
  ])("blanks the value in: %s", (text) => {
    expect(redactText(text)).not.toContain("canary");
    expect(redactText(text)).toContain("***");
  });

  it("takes no longer for a text that looks like the beginning of a secret everywhere", () => {
    // With a pattern that begins anew at each place, any of them takes minutes.
    for (const piece of ["a-", "a.", "a+", "eyJ-", "password-", "a://b:", "ghp_-"])
      expect(redactText(piece.repeat(100_000)).length).toBeGreaterThan(0);
  });

  it("leaves a secret's ARN, which says which one it is and not what is in it", () => {
    const text = "may not read arn:aws:secretsmanager:eu-west-1:123456789012:secret:lab/database-AbCdEf";

    expect(redactText(text)).toBe(text);
  });
});
