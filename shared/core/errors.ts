/**
 * What went wrong, in the few words that callers decide by. `retryable` ones may pass later: the turn is parked.
 * `settings`, `lease-lost` and `unknown-outcome` are ours alone; the rest mirror what vendors and people can cause.
 */
const codes = {
  'invalid-input': { retryable: false, status: 400, told: 'I could not work with that input.' },
  unauthorized: { retryable: false, status: 401, told: 'You are not signed in.' },
  'sign-in-required': { retryable: false, status: 401, told: 'Your sign-in to Microsoft 365 has expired.' },
  forbidden: { retryable: false, status: 403, told: 'You do not have the right to do that.' },
  'not-found': { retryable: false, status: 404, told: 'I could not find that.' },
  conflict: { retryable: false, status: 409, told: 'That was changed by somebody else in the meantime.' },
  gone: { retryable: false, status: 410, told: 'That link is no longer valid.' },
  'too-late': {
    retryable: false,
    status: 410,
    told: 'It reached me too late to act on it: please send it again if you still want it.',
  },
  'too-large': { retryable: false, status: 413, told: 'That is too large for me.' },
  'rate-limited': { retryable: true, status: 429, told: 'The service I need asks me to wait.' },
  /** Too many calls of our own at once: nothing was sent. */
  busy: { retryable: true, status: 503, told: 'I have too much to do at once.' },
  timeout: { retryable: true, status: 504, told: 'The service I need is not answering.' },
  upstream: { retryable: true, status: 502, told: 'A service I need is not available.' },
  'lease-lost': { retryable: true, status: 503, told: 'Somebody else is working on this.' },
  'unknown-outcome': { retryable: false, status: 502, told: 'I cannot tell whether that was done.' },
  settings: { retryable: false, status: 500, told: 'I am not set up correctly.' },
} as const;

export type ErrorCode = keyof typeof codes;

/** The vendors by the one word each has everywhere. */
export type Vendor = 'waha' | 'msgraph' | 'entra' | 'openai' | 'cosmos' | 'postgres' | 'servicebus' | 'storage' | 'keyvault';

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Whose answer, or silence, this is. */
  readonly vendor?: Vendor | undefined;
  /** How long the vendor asks us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** True where a write may have been done although it failed: its time ran out, the connection broke, a 5xx. */
  readonly maybeDone?: boolean;
  /** A claims challenge, as JSON: what a new token of the person has to prove. */
  readonly claims?: string | undefined;
}

/** The one error class. `message` says what failed and on what; never a secret, a number or a message's text. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly vendor: Vendor | undefined;
  readonly retryAfterMs: number | undefined;
  readonly maybeDone: boolean;
  readonly claims: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.vendor = options.vendor;
    this.retryAfterMs = options.retryAfterMs;
    this.maybeDone = options.maybeDone ?? false;
    this.claims = options.claims;
  }

  /** The same error with more known of it, or less: an option that is given as undefined is taken away. */
  with({ message = this.message, ...options }: AppErrorOptions & { message?: string }): AppError {
    const { cause, vendor, retryAfterMs, maybeDone, claims } = this;
    return new AppError(this.code, message, { cause, vendor, retryAfterMs, maybeDone, claims, ...options });
  }

  /** Whether the same may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return codes[this.code].retryable;
  }

  /** The HTTP status that says this to a caller of ours. */
  get status(): number {
    return codes[this.code].status;
  }

  /** What a person may be told, in plain words, without the cause. */
  get told(): string {
    return codes[this.code].told;
  }
}

/** The code of any error; what is not an `AppError` is a bug and has none. */
export function errorCode(error: unknown): ErrorCode | 'bug' {
  return error instanceof AppError ? error.code : 'bug';
}

/** The claims challenge that an error comes from, wherever among its causes it stands. */
export function claimsOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return (error instanceof AppError ? error.claims : undefined) ?? claimsOf(error.cause);
}

/** The error if it is one of these codes, else undefined. */
export function asAppError(error: unknown, ...wanted: readonly ErrorCode[]): AppError | undefined {
  return error instanceof AppError && (wanted.length === 0 || wanted.includes(error.code)) ? error : undefined;
}
