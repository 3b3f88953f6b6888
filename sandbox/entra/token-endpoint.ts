import type { Context } from 'hono';
import { authenticateClient } from './client-authentication.ts';
import { EntraError, errorBody, missingParameter } from './errors.ts';
import { performGrant } from './token-grants.ts';
import { correlationId, type EntraState } from './state.ts';

const noStore = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' };

/** POST /{tenant}/oauth2/v2.0/token */
export async function answerToken(state: EntraState, c: Context): Promise<Response> {
  const form = await readForm(c.req.raw);
  try {
    state.tenant.assertTenant(c.req.param('tenant') ?? '');
    if (!form.has('grant_type')) throw missingParameter('grant_type');
    const client = await authenticateClient(state, form, c.req.raw.headers.get('authorization'));
    return c.json(await performGrant(state, client, form), 200, noStore);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    const body = errorBody(error, { correlationId: correlationId(c.req.raw, form), now: state.clock.now() });
    return Response.json(body, { status: error.status, headers: noStore });
  }
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  return new URLSearchParams(isForm ? await request.text() : '');
}

/** Any other method. */
export function refuseMethod(state: EntraState, c: Context): Response {
  const error = new EntraError(900561, `The endpoint only accepts POST requests. Received a ${c.req.method} request.`);
  const body = errorBody(error, { correlationId: correlationId(c.req.raw), now: state.clock.now() });
  return Response.json(body, { status: error.status });
}
