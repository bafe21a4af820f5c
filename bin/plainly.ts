/** An error's message for a person: what the SDK says of missing settings does not tell what to set. */
export function plainly({ name, message }: Error): string {
  if (message === "Region is missing")
    return "No Region is given. Nothing was done. Write --region, or set AWS_REGION or the profile's region.";
  if (name === "CredentialsProviderError")
    return `There are no AWS credentials. Nothing was done. Log in, set AWS_PROFILE, or write --profile. (${message})`;
  return message;
}
