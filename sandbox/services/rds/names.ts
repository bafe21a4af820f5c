import { ServiceException } from "../../service.ts";

/** An instance identifier as RDS takes it: 1-63 letters, digits, hyphens; kept in lower case. */
export function instanceIdentifier(given: string | undefined, field = "DBInstanceIdentifier"): string {
  const id = given ?? "";
  if (!/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}$/.test(id) || id.endsWith("-"))
    throw new ServiceException(
      "InvalidParameterValue",
      `The parameter ${field} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return id.toLowerCase();
}

/** A snapshot identifier: the same rules with 255 characters. */
export function snapshotIdentifier(given: string | undefined, field = "DBSnapshotIdentifier"): string {
  const id = given ?? "";
  if (!/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}$/.test(id) || id.endsWith("-"))
    throw new ServiceException(
      "InvalidParameterValue",
      `The parameter ${field} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return id.toLowerCase();
}
