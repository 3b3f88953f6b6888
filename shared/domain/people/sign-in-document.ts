import { z } from 'zod';
import { AppError, asAppError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { SignInDocument } from '../../ports/people.ts';

/** What a sign-in keeps from step to step, sealed under the conversation's key. */
export const SignInSecrets = z.object({
  /** The masked number of the chat; absent where WhatsApp hides it. */
  masked: z.string().optional(),
  /** The browser that confirmed, and what its way through Entra is checked by. */
  browser: z.object({ cookieHash: z.string(), state: z.string(), nonce: z.string(), codeVerifier: z.string() }).optional(),
  /** Six digits, once Entra said who it is. */
  code: z.string().optional(),
  account: z
    .object({
      homeAccountId: z.string(),
      tenantId: z.string(),
      oid: z.string(),
      name: z.string(),
      email: z.string(),
      appRoles: z.array(z.string()),
    })
    .optional(),
  /** The token cache, until it is the person's. */
  cache: z.string().optional(),
  /** What the right code led to; `moved` where the account was linked to another chat before. */
  outcome: z.object({ personId: z.string(), moved: z.boolean() }).optional(),
});
export type SignInSecrets = z.infer<typeof SignInSecrets>;

export interface SignIn {
  readonly document: SignInDocument;
  readonly version: string;
  readonly secrets: SignInSecrets;
}

type Needs = Pick<Ports, 'signIns' | 'dataKeys'>;

// Longer than a link is good for: the number of links an hour is counted here.
export const signInTtlSeconds = 3_600;

/** The sign-in with its secrets; undefined where there is none, or the conversation was erased. */
export async function loadSignIn(ports: Needs, id: string, signal?: AbortSignal): Promise<SignIn | undefined> {
  const found = await ports.signIns.load(id, signal);
  if (!found) return undefined;
  try {
    const key = await ports.dataKeys.keyFor(found.document.conversationId, signal);
    return { ...found, secrets: SignInSecrets.parse(key.open(found.document.sealed, id)) };
  } catch (error) {
    if (asAppError(error, 'gone')) return undefined;
    throw error;
  }
}

/** Writes what changed. @throws {AppError} `conflict` when it was changed since it was read. */
export async function replaceSignIn(
  ports: Needs,
  { document, version, secrets }: SignIn,
  change: { document: Partial<SignInDocument>; secrets?: SignInSecrets; signal?: AbortSignal | undefined },
): Promise<void> {
  const { id, conversationId } = document;
  const key = await ports.dataKeys.keyFor(conversationId, change.signal);
  const next = { ...document, ...change.document, sealed: key.seal(change.secrets ?? secrets, id) };
  await ports.signIns.replace(next, version, change.signal);
}

/** Runs again what met a change by somebody else, from its reading on. */
export async function againOnConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const conflict = asAppError(error, 'conflict');
      if (!conflict) throw error;
      // Somebody in a browser and somebody in the chat: nobody else writes here.
      if (tries === 5) throw new AppError('upstream', 'A sign-in changes all the time', { cause: error });
    }
  }
}

/** Whether the link may still be opened and confirmed. */
export function isOpen({ state, expiresAt }: SignInDocument, now: number): boolean {
  return (state === 'issued' || state === 'confirmed') && expiresAt > now;
}
