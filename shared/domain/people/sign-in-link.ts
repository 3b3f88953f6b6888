import { createHash, timingSafeEqual } from 'node:crypto';
import { blindIndex } from '../../core/ids.ts';
import type { SignInDocument } from '../../ports/people.ts';

/** What a link is made from and leads to. */
export interface LinkOptions {
  readonly workspace: string;
  /** Where people reach the application. */
  readonly publicUrl: string;
  /** Keys what is derived: a link cannot be made from what is stored. */
  readonly linkKey: Uint8Array;
}

const handleLength = 24;

/** The id of a chat's sign-in. */
export function signInIdOf(options: LinkOptions, conversationId: string): string {
  const handle = blindIndex(options.linkKey, options.workspace, 'sign-in', conversationId).slice(0, handleLength);
  return `${options.workspace}:${handle}`;
}

/** The one address that opens this sign-in. */
export function linkUrl(options: LinkOptions, document: SignInDocument): string {
  return signInUrl(options, `${handleOf(options, document)}-${linkSecret(options, document)}`);
}

export function signInUrl({ publicUrl }: LinkOptions, path: string): string {
  return `${publicUrl.replace(/\/$/, '')}/api/sign-in/${path}`;
}

/** The id and the secret that stand in the last part of an address. */
export function parseLink({ workspace }: LinkOptions, link: string): { id: string; secret: string } | undefined {
  const [, handle, secret] = /^([0-9a-f]{24})-([0-9a-f]{40})$/.exec(link) ?? [];
  return handle === undefined || secret === undefined ? undefined : { id: `${workspace}:${handle}`, secret };
}

export function isLinkOf(options: LinkOptions, document: SignInDocument, secret: string): boolean {
  return isSame(secret, linkSecret(options, document));
}

/** The state given to Entra begins with the handle, so that the way back finds the sign-in. */
export function newState(options: LinkOptions, document: SignInDocument, random: string): string {
  return `${handleOf(options, document)}-${random}`;
}

export function idOfState({ workspace }: LinkOptions, state: string): string | undefined {
  const [handle] = /^[0-9a-f]{24}(?=-)/.exec(state) ?? [];
  return handle && `${workspace}:${handle}`;
}

/** Each sign-in has a cookie of its own: two at once in one browser do not meet. */
export function cookieNameOf(id: string): string {
  return `sign-in-${id.slice(-handleLength)}`;
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares without telling by its time how much agrees. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function handleOf({ workspace }: LinkOptions, { id }: SignInDocument): string {
  return id.slice(workspace.length + 1);
}

/** A rerun of the turn finds `turnId` and `issuedAt` stored, and so makes the same. */
function linkSecret({ linkKey, workspace }: LinkOptions, { conversationId, turnId, issuedAt }: SignInDocument): string {
  return blindIndex(linkKey, workspace, 'sign-in-link', conversationId, turnId, String(issuedAt));
}
