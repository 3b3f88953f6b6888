import type { PersonCaller } from '../../core/caller.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { CallResult, MemoryContent, RecordedCall } from '../../ports/documents.ts';
import type { Model, ModelItem } from '../../ports/model.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Decision, OpenApproval, Proposal } from '../approvals.ts';
import type { RecordedAnswer } from '../calls.ts';
import type { ToolClient } from './tool-client.ts';

/** An answer of the model whose calls are to be performed. `n` is there where it is recorded. */
export interface PendingAnswer {
  readonly n: number | undefined;
  /** True where an earlier worker recorded it, and may have performed some of it. */
  readonly resumed: boolean;
  /** True where the person said yes to exactly these: no model asked for them in this turn. */
  readonly approved?: boolean;
  readonly calls: readonly RecordedCall[];
  /** Results that are final although the answer is not finished: those calls are not performed again. */
  readonly settled: readonly CallResult[];
}

/** What the nodes of a turn hand on: this turn only, so that its size does not grow with the conversation. */
export interface TurnState {
  /** What the model is shown: the window of history, this turn's messages, calls and results. */
  readonly items: readonly ModelItem[];
  /** How many answers are recorded; an answer out of a checkpoint counts only if this agrees with the documents. */
  readonly recorded: number;
  readonly rounds: number;
  readonly pending: PendingAnswer | undefined;
  readonly results: readonly CallResult[];
  /** Writes that the person is asked about before they are done. */
  readonly proposals: readonly Proposal[];
  /** What the model has read and written so far, in tokens. */
  readonly tokens: number;
  /** The model's last words, or ours where no model was asked. */
  readonly text: string;
  /** Who wrote `text`: what the model wrote is checked for claims and links. */
  readonly author: 'model' | 'application';
  readonly failure: { readonly code: ErrorCode; readonly told: string } | undefined;
  /** What is sent, in parts. */
  readonly parts: readonly string[];
  readonly memory: MemoryContent | undefined;
}

/** A person's message within a turn. */
export interface TurnMessage {
  readonly text: string;
  readonly sentAt: number;
  readonly hasMedia: boolean;
}

/** Says who is not linked what to do, and links who sends the code; undefined for a linked person's ordinary message. */
export type SignInGate = (
  caller: PersonCaller | undefined,
  messages: readonly TurnMessage[],
  signal: AbortSignal,
) => Promise<string | undefined>;

/** What the nodes of one turn need from outside, closed over by its graph. */
export interface TurnContext {
  readonly model: Model;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly turnId: string;
  readonly organisation: string;
  /** Undefined while nobody is linked to the chat. */
  readonly caller: PersonCaller | undefined;
  readonly messages: readonly TurnMessage[];
  readonly memory: MemoryContent;
  /** What an earlier worker of this turn recorded. */
  readonly answers: readonly RecordedAnswer[];
  readonly tools: ToolClient | undefined;
  /** When the turn's budget ends; after it no model is asked with tools. */
  readonly deadline: number;
  /** Tokens after which no model is asked with tools. */
  readonly maxTokens: number;
  /** True where the messages waited so long that nothing is written before the person is asked again. */
  readonly isLate: boolean;
  /** What this turn's message decided about what waited for a yes. */
  readonly decision: Decision | undefined;
  /** What a call would do, in words. @throws {AppError} `invalid-input` where it could not be done as it stands. */
  readonly describeCall: (call: RecordedCall) => string;
  readonly signIn: SignInGate;
  /** A fresh link, for a grant that ran out. */
  readonly renewSignIn: (signal: AbortSignal) => Promise<string>;
  /** Records an answer with writes in one fenced batch, before its first call is performed. */
  readonly record: (n: number, calls: readonly RecordedCall[]) => Promise<void>;
  /** Records, as the turn's first answer, what the person said yes to; the approval is used up in the same batch. */
  readonly recordApproved: (approval: OpenApproval, calls: readonly RecordedCall[]) => Promise<void>;
  /** Notes the results of a recorded answer for the next batch. */
  readonly noteResults: (n: number, results: readonly CallResult[]) => void;
}

export type TurnChanges = Partial<TurnState>;
