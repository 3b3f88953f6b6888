import type { TurnChanges, TurnContext } from '../state.ts';

/** Who is not linked to an account, or sends the code that links them, is answered without a model. */
export async function checkCaller(context: TurnContext): Promise<TurnChanges> {
  const text = await context.signIn(context.caller, context.messages, context.signal);
  return text === undefined ? {} : { text, author: 'application' };
}
