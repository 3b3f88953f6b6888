/** What waits for work of one function. */
export interface Listener {
  start(): Promise<void>;
  /** Takes nothing new; what runs goes on. */
  stop(): Promise<void>;
  /** After the last invocation: lets go of connections. */
  close(): Promise<void>;
  /** The process's time was moved from `fromMs` to where it is now. */
  clockMoved(fromMs: number): void;
  /** Whether something is still to be settled. */
  busy(): boolean;
}
