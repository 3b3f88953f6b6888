import type { HttpResponseInit } from '@azure/functions';
import { application } from './application.ts';
import { asAppError } from '../shared/core/errors.ts';

/** Answers JSON; an error of ours by its status and code, without its message's details. A bug stays a 500. */
export async function respond(run: () => Promise<HttpResponseInit>): Promise<HttpResponseInit> {
  try {
    return await run();
  } catch (error) {
    const known = asAppError(error);
    if (!known) throw error;
    application.tell(known);
    return { status: known.status, jsonBody: { error: known.code, message: known.told } };
  }
}
