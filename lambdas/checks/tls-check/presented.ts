import { X509Certificate } from "node:crypto";
import { checkServerIdentity, connect, type PeerCertificate } from "node:tls";

/** What a server presented in the handshake, and what this process thinks of its chain. */
export interface Presented {
  subject: string;
  issuer: string;
  /** Epoch milliseconds. */
  validFrom: number;
  validTo: number;
  /** 64 hexadecimal digits, lower case. */
  sha256: string;
  /** Why the chain is not trusted, in the words of the TLS library; undefined when it is. */
  chainError: string | undefined;
  /** Why it is not valid for the name; undefined when it is. */
  nameError: string | undefined;
}

/** Errors of the chain that are judged by themselves: the name and the dates, against the clock of the context. */
const JUDGED_APART = /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/;

/**
 * One handshake with one checked address. Nothing is refused in it, so that what is wrong can be told; nothing is sent
 * after it. Rejects when there is no handshake.
 */
export function presented(
  given: { address: string; port: number; name: string },
  milliseconds: number,
): Promise<Presented> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: given.address,
      port: given.port,
      // No server name for an address: RFC 6066.
      ...(/^[\d.]+$|:/.test(given.name) ? {} : { servername: given.name }),
      rejectUnauthorized: false,
    });
    AbortSignal.timeout(milliseconds).addEventListener("abort", () =>
      socket.destroy(new Error(`no handshake in ${milliseconds} ms`)),
    );
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const peer: PeerCertificate = socket.getPeerCertificate();
      const { authorizationError } = socket as { authorizationError?: Error | string };
      socket.destroy();
      if (!peer?.raw) return reject(new Error("the server presented no certificate"));
      const certificate = new X509Certificate(peer.raw);
      const chain =
        (authorizationError as { code?: string } | undefined)?.code ?? authorizationError?.toString();
      resolve({
        subject: certificate.subject.replaceAll("\n", ", "),
        issuer: certificate.issuer.replaceAll("\n", ", "),
        validFrom: Date.parse(certificate.validFrom),
        validTo: Date.parse(certificate.validTo),
        sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        chainError: chain && !JUDGED_APART.test(chain) ? chain : undefined,
        nameError: checkServerIdentity(given.name, peer)?.message,
      });
    });
  });
}
