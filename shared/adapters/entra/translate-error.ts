import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { readClaims } from '../request-json.ts';

// AADSTS codes of a code that was good once: redeemed already, expired.
const goneCodes: readonly (string | undefined)[] = ['54005', '70008'];
// What refuses the application itself, whoever signs in: its id, secret, assertion, redirect URI or consent.
const ofApplication = ['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_resource', 'invalid_request'];

/** What MSAL threw at redeeming a code, as ours. What is none of MSAL's errors is a bug and stays as it is. */
export function translateRedeemError(error: unknown): unknown {
  if (!(error instanceof AuthError)) return error;
  if (isOfApplication(error)) return translated('settings', 'Entra refuses this application', error);
  if (goneCodes.includes(aadstsCode(error))) return translated('gone', 'The sign-in code was used or is too old', error);
  return translated('unauthorized', 'Entra refuses the sign-in', error);
}

/** What MSAL threw at acquiring a token from a person's cache, as ours. */
export function translateAcquireError(error: unknown): unknown {
  if (!(error instanceof AuthError)) return error;
  // An idle grant (700082) is a plain ServerError, not one that MSAL counts as asking for interaction.
  if (error instanceof InteractionRequiredAuthError || error.errorCode === 'invalid_grant') {
    return translated('sign-in-required', 'The grant cannot be renewed without the person', error);
  }
  if (isOfApplication(error)) return translated('settings', 'Entra refuses this application', error);
  return translated('upstream', 'Entra gave no token', error);
}

function isOfApplication(error: AuthError): boolean {
  return error instanceof ServerError && ofApplication.includes(error.errorCode);
}

/** MSAL's types call it a string; it is what stands in `error_codes`, a number. */
function aadstsCode(error: AuthError): string | undefined {
  const number: unknown =
    error instanceof ServerError || error instanceof InteractionRequiredAuthError ? error.errorNo : undefined;
  return typeof number === 'number' || typeof number === 'string' ? String(number) : undefined;
}

function translated(code: ErrorCode, what: string, cause: AuthError): AppError {
  const number = aadstsCode(cause);
  const reason = number === undefined ? cause.errorCode : `${cause.errorCode}, AADSTS${number}`;
  const claims = cause instanceof InteractionRequiredAuthError ? readClaims(cause.claims) : undefined;
  return new AppError(code, `${what}: ${reason}`, { cause, vendor: 'entra', claims });
}
