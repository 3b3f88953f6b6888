export { catchUp } from './catch-up.ts';
export { receive, type Received, type ReceiveOptions, type ReceivePorts } from './receive.ts';
export { ringOverdue } from './ring-overdue.ts';
export type { ConversationSettings } from './settings.ts';
export { wake } from './wake.ts';
export type { SignInChat, TurnWork } from './turn/turn-work.ts';
export type { SignInGate, TurnMessage } from './turn/state.ts';
