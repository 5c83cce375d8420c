/** Between JSON, in which binary values are base64url, and what `navigator.credentials` takes and gives. */

/** The bytes behind base64url. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** Bytes as base64url without padding. */
export function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

interface DescriptorJson {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as DescriptorJson[]).map((one) => ({ ...one, id: bytes(one.id) }));
}

/** For `create()` (WebAuthn level 3, §5.1.8). */
export function creationOptions(json: Record<string, unknown>): PublicKeyCredentialCreationOptions {
  const user = json["user"] as { id: string; name: string; displayName: string };
  return {
    ...json,
    challenge: bytes(json["challenge"] as string),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: descriptors(json["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
}

/** For `get()` (§5.1.9). */
export function requestOptions(json: Record<string, unknown>): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: bytes(json["challenge"] as string),
    allowCredentials: descriptors(json["allowCredentials"]),
  } as PublicKeyCredentialRequestOptions;
}

function common(credential: PublicKeyCredential): object {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    // What extensions answer is of no use to the server, and may hold what JSON cannot.
    clientExtensionResults: {},
  };
}

/** What `create()` gave. */
export function creationAnswer(credential: Credential | null): object {
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError("no credential");
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** What `get()` gave. */
export function requestAnswer(credential: Credential | null): object {
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError("no credential");
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : undefined,
    },
  };
}
