import type { SandboxContext } from '../kit/context.ts';
import type { OtlpCollector } from '../otlp/collector.ts';
import type { SeedPerson } from '../seed/people.ts';
import type { Application } from './application.ts';
import type { Environment } from './environment.ts';
import type { Settings } from './real-vendors.ts';
import type { StandIns } from './stand-ins.ts';

export interface SandboxOptions {
  /** Where state is kept; in memory without it. */
  readonly directory?: string | undefined;
  /** 0, which is the default, takes a free one. */
  readonly port?: number | undefined;
  /** 0, which is the default, takes a free one; the vendors with a protocol of their own come after a given one. */
  readonly applicationPort?: number | undefined;
  /** Settings of the application; a vendor whose own are among them is used for real. */
  readonly environment?: Settings | undefined;
  /** Whether to start the application at once; true unless it says otherwise. */
  readonly withApplication?: boolean | undefined;
  /** The folder of another application than this repository's. */
  readonly applicationRoot?: string | undefined;
  /** A package of the application, which is unpacked and run in place of the sources. */
  readonly applicationPackage?: string | undefined;
  /** Who is to be signed in before all is ready; those whom the seed says to be onboarded unless it says otherwise. */
  readonly onboard?: readonly SeedPerson[] | undefined;
  /** Everybody there is; the seed's people unless it says otherwise. */
  readonly people?: readonly SeedPerson[] | undefined;
  /** How long a bell is locked for who received it; 30 s, as the infrastructure sets it, unless it says otherwise. */
  readonly bellLockMs?: number | undefined;
  /** How old what Cosmos shows to a read without a session token may be; 100 ms unless it says otherwise. */
  readonly staleReadMs?: number | undefined;
  /** The longest an application that died early stays down before it is started again; 10 s unless it says otherwise. */
  readonly longestRestartDelayMs?: number | undefined;
  /** Aborted, the start is given up. */
  readonly signal?: AbortSignal | undefined;
  /** What is being done, a line at a time. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A running sandbox with its application; the stand-ins are there for whoever looks on or breaks things. */
export interface Sandbox extends Required<Omit<StandIns, 'otlp'>> {
  readonly collector: OtlpCollector;
  readonly url: string;
  readonly applicationUrl: string;
  readonly context: SandboxContext;
  /** What of the vendors is played; asking the sandbox itself for another one throws. */
  readonly standIns: StandIns;
  readonly ports: Readonly<Record<string, number>>;
  /** The settings that the application is given. */
  readonly environment: Environment;
  /** The process of the application; undefined between two. */
  pid(): number | undefined;
  /** How many processes of the application were started. */
  starts(): number;
  /** Whether the application answers. */
  healthy(): boolean;
  /** The end of what the application printed. */
  applicationOutput(): string;
  /** Starts it, or waits until it is back; resolves once it answers. */
  startApplication(): Promise<void>;
  /** Kills it; it is started again by itself. Resolves when the process is gone. */
  killApplication(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it orderly, to stay down until it is started. */
  stopApplication(): Promise<void>;
  /** One more instance on the same vendors, supervised like the first; `stop` ends it. */
  addApplication(): Promise<Application & { readonly url: string }>;
  /** Signs people in by the door that a person takes. */
  onboard(people: readonly SeedPerson[]): Promise<void>;
  /** Whether no bell is active or locked, no webhook pending, no vendor call open. */
  idle(): boolean;
  /** Resolves when it has been idle for a moment. @throws {Error} naming what is still under way. */
  waitUntilIdle(timeoutMs: number): Promise<void>;
  /** Moves time, here and in every application. */
  advanceClock(seconds: number): Promise<void>;
  close(): Promise<void>;
}
