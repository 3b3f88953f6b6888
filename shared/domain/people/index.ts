export { createAccountCallers, type AccountCallerOptions, type AccountCallers } from './account-caller.ts';
export type { BrowserSignIn, BrowserSignInOptions, SignInView } from './browser-sign-in.ts';
export { answerSignIn, renewSignIn } from './chat-sign-in.ts';
export { finishBrowser } from './finish-browser.ts';
export { confirmLink, showLink, type Cookies } from './open-link.ts';
export type { ChatSignIn, ChatSignInOptions, SigningInChat } from './sign-in-context.ts';
export { signInIdOf } from './sign-in-link.ts';
export { pageHeaders, renderSignInPage, type SignInPage, type SignInPageOptions } from './sign-in-page.ts';
export { createTokenSource, type TokenSource } from './token-source.ts';
