import { readFileSync } from "node:fs";
import tls from "node:tls";

/** Makes this process trust an authority beside the system's, as NODE_EXTRA_CA_CERTS does for a function. */
export const trust = (caFile: string): void =>
  tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(caFile, "utf8")]);
