/**
 * What the AWS provider would do, which cannot be had without a registry: `create NAME VALUE` fails when the parameter is
 * there, `put NAME VALUE` when it is not. Part of the build's image, as the AWS CLI is.
 */
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

const [, , verb = "", Name = "", Value = ""] = process.argv;
const ssm = new SSMClient({ maxAttempts: 3 });
if (verb === "create") await ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
else if (verb === "put") {
  await ssm.send(new GetParameterCommand({ Name }));
  await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
} else throw new Error(`There is nothing like ${verb}: create or put`);
console.log(`${Name} is ${Value}`);
