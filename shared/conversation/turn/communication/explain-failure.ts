import type { TurnChanges, TurnContext, TurnState } from '../state.ts';
import { apologise } from './apologise.ts';

/** What a person is told when a turn cannot be completed; an expired grant brings a fresh link. */
export async function explainFailure(state: TurnState, context: TurnContext): Promise<TurnChanges> {
  const { failure } = state;
  if (!failure) return {};
  if (failure.code === 'sign-in-required') return { text: await context.renewSignIn(context.signal), author: 'application' };
  return { text: apologise(failure.told), author: 'application' };
}
