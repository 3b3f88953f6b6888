import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { SandboxClock } from '../kit/clock.ts';
import type { Collection } from '../kit/database.ts';

/** The tenant's signing key, kept with the state: a token outlives a restart. */
export interface SigningKey {
  sign(claims: JWTPayload): Promise<string>;
  /** The claims of what this key signed and is valid now. @throws {JOSEError} otherwise. */
  verify(token: string): Promise<JWTPayload>;
  /** The public key as the keys endpoint shows it. */
  readonly published: JsonWebKey & { kid: string };
}

export function loadSigningKey(clock: SandboxClock, kept: Collection<JsonWebKey>): SigningKey {
  const jwk = kept.get('signing') ?? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  kept.set('signing', jwk);
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('base64url')
    .slice(0, 27);
  return {
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, x5t: kid }).sign(privateKey),
    async verify(token) {
      const { payload } = await jwtVerify(token, publicKey, { algorithms: ['RS256'], currentDate: new Date(clock.now()) });
      return payload;
    },
    published: { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid, x5t: kid },
  };
}
