import type { Role } from '../../core/roles.ts';
import type { Issued } from './issue-link.ts';

/** What the chat is told about signing in, in one place. */

export function welcomeText(organisation: string, issued: Issued): string {
  return [
    `Hello! I am Adjutant, the assistant of ${organisation}, and I do not know this number yet.`,
    linkText(issued, 'To use me, link it to your Microsoft 365 account'),
  ].join('\n\n');
}

export function renewalText(issued: Issued): string {
  return [
    'Your sign-in to Microsoft 365 has expired, so I could not finish this.',
    linkText(issued, 'Please sign in again'),
    'Then ask me once more.',
  ].join('\n\n');
}

export function expiredCodeText(issued: Issued): string {
  return ['That code has expired.', linkText(issued, 'Please sign in once more')].join('\n\n');
}

export function newLinkText(issued: Issued): string {
  return linkText(issued, 'Here is a new link to sign in');
}

function linkText(issued: Issued, wish: string): string {
  if (issued.kind === 'wait') {
    return `You have been sent several links already. Please write to me again in ${inMinutes(issued.minutes)} for another one.`;
  }
  return [
    `${wish}: open this link within ${inMinutes(issued.minutes)}. It works once, and it is for you alone, so please do not pass it on.`,
    issued.url,
    'When you have signed in, the page shows a six-digit code to send me here.',
  ].join('\n\n');
}

export const waitingText =
  'I am waiting for the six-digit code that the page in your browser shows. Please send it to me here. If you closed the page, write "new link".';

export function wrongCodeText(triesLeft: number): string {
  return `That is not the code on the page. Please look again and send me the six digits (${triesLeft === 1 ? 'one try is' : `${triesLeft} tries are`} left).`;
}

export const refusedText = 'That was the fifth wrong code, so I have closed this sign-in. Write to me again to get a new link.';

export function linkedText(person: { name: string; email: string; role: Role; moved: boolean }): string {
  return [
    `You are signed in as ${person.name} (${person.email}), role ${person.role}.`,
    ...(person.moved ? ['Your account was linked to another chat until now; that chat can no longer use it.'] : []),
    'Try: "What is on my calendar tomorrow?", "Book a review tomorrow at 3pm", or "help".',
  ].join('\n\n');
}

function inMinutes(minutes: number): string {
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
