import "reflect-metadata"; // the x509 library wants it loaded first
import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { stateOf, type World } from "../world.ts";

/** A server certificate with its key and the authority that signed it, all PEM. */
export interface IssuedCertificate {
  certPem: string;
  keyPem: string;
  caPem: string;
  /** The authority's certificate as a file, for NODE_EXTRA_CA_CERTS and sslrootcert. */
  caFile: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;
const YEAR = 365 * DAY;

/** The authority of one world; made at its first use. Its key never leaves the process. */
const authority = stateOf(async (world) => {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Rollback Watchdog Sandbox CA",
    ...validity(world),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const caFile = join(world.root, "sandbox-ca.pem");
  writeFileSync(caFile, certificate.toString("pem"), { mode: 0o644 });
  return { keys, certificate, caFile };
});

/** Valid on the machine's clock and on a sandbox's, which may run ahead of it by months. */
function validity(
  world: World,
  notAfter = new Date(world.clock.origin + 20 * YEAR),
): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(world.clock.origin, notAfter.getTime()) - DAY), notAfter };
}

/** A certificate that no client should take: what a broken renewal leaves on a host. */
export interface Flaw {
  /** Its last moment; 20 years from now unless given. */
  notAfter?: Date;
  /** True: signed by its own key, not by the authority. */
  selfSigned?: boolean;
}

/** Issues a server certificate for DNS names and addresses. */
export async function certificateFor(
  world: World,
  names: string[],
  flaw: Flaw = {},
): Promise<IssuedCertificate> {
  const { keys, certificate: ca, caFile } = await authority(world);
  const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex"),
    subject: `CN=${names[0]?.slice(0, 60)}`,
    issuer: flaw.selfSigned ? `CN=${names[0]?.slice(0, 60)}` : ca.subject,
    ...validity(world, flaw.notAfter),
    signingAlgorithm: ALGORITHM,
    publicKey: own.publicKey as never,
    signingKey: (flaw.selfSigned ? own : keys).privateKey as never,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({
          type: /^\d+(\.\d+){3}$/.test(value) ? ("ip" as const) : ("dns" as const),
          value,
        })),
      ),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", own.privateKey)).toString("base64");
  return {
    certPem: certificate.toString("pem"),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PRIVATE KEY-----\n`,
    caPem: ca.toString("pem"),
    caFile,
  };
}
