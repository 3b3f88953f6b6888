import type { SeedPerson } from './people.ts';

const code = /^\s*\d{3}[ -]?\d{3}\s*$/;
const signInLink = /https?:\/\/\S+\/api\/sign-in\//;

/**
 * Whether somebody's chat says that they are linked to their account: they sent a six-digit code, and the answer names
 * them. A sign-in link that came later says that they no longer are.
 */
export function hasSignedIn(
  { name, email }: Pick<SeedPerson, 'name' | 'email'>,
  chat: readonly { readonly fromMe: boolean; readonly text: string }[],
): boolean {
  let sentCode = false;
  let signedIn = false;
  for (const { fromMe, text } of chat) {
    if (fromMe) {
      sentCode = sentCode || code.test(text);
      continue;
    }
    if (signInLink.test(text)) [signedIn, sentCode] = [false, false];
    else if (sentCode && (text.includes(name) || text.toLowerCase().includes(email))) [signedIn, sentCode] = [true, false];
  }
  return signedIn;
}
