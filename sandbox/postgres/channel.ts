import type { Asker } from '../kit/applications.ts';
import type { Fault, FaultSubject } from '../kit/faults.ts';

export type AskedSubject = Required<Omit<FaultSubject, 'isOf'>>;

/** What the child tells the process that started it. */
export type FromServer =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'asked'; readonly id: number; readonly subject: AskedSubject; readonly asker: Asker }
  /** The application is to be killed or frozen, as the fault of that question says. */
  | { readonly kind: 'strike'; readonly id: number; readonly fault: Fault; readonly asker: Asker }
  | { readonly kind: 'answered'; readonly id: number; readonly outcome: Outcome };

/** What that process tells the child. */
export type ToServer =
  | { readonly kind: 'go-on'; readonly id: number; readonly fault: Fault | undefined }
  | { readonly kind: 'struck'; readonly id: number; readonly isStruck: boolean }
  | { readonly kind: 'drop-connections' };

/** 200, 500 with SQLSTATE and message, or 0 where there was no answer. */
export interface Outcome {
  readonly status: 200 | 500 | 0;
  readonly response: string;
}

/** What was asked: the fault that meets it, and how it ends. */
export interface Asked {
  readonly fault: Fault | undefined;
  /** Resolves when the application that asked is dead, or goes on; false where none was struck. */
  strike(fault: Fault, asker: Asker): Promise<boolean>;
  answered(outcome: Outcome): void;
}

/** The parent's faults and journal, as the child reaches them. */
export interface Supervisor {
  /** Asked before each connection and each batch: `CONNECT /postgres`, or the first word of its SQL with the SQL as body. */
  ask(subject: AskedSubject, asker: Asker): Promise<Asked>;
}
