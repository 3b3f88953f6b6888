import { z } from 'zod';
import { isLoopback } from './kinds.ts';

/** The settings that were given and are right by themselves; another is undefined. */
type Read = (name: string) => unknown;

/** `functionTimeout` of host.json: the host ends what takes longer, in the middle of whatever it does. */
export const functionTimeoutSeconds = 600;
// WAHA repeats a webhook for 4.5 hours.
const repeatsSeconds = 4.5 * 3_600;

/** What is wrong between settings that are each right by themselves: a line each, with what to do. */
export function crossChecks(read: Read): string[] {
  return [...missingPairs(read), ...wrongTimes(read), ...plainServiceBus(read), ...plainDatabase(read)];
}

// A bell needs one of two ways to reach Service Bus, sign-in one of two ways to prove who we are.
function missingPairs(read: Read): string[] {
  const lines: string[] = [];
  if (!read('SERVICE_BUS') && !read('SERVICE_BUS__fullyQualifiedNamespace')) {
    lines.push('  SERVICE_BUS: is missing; must be a connection string, or set SERVICE_BUS__fullyQualifiedNamespace');
  }
  if (!read('ENTRA_CLIENT_SECRET') && !read('MANAGED_IDENTITY_CLIENT_ID')) {
    lines.push(
      '  ENTRA_CLIENT_SECRET: is missing; must be the secret of the app registration, or set MANAGED_IDENTITY_CLIENT_ID',
    );
  }
  return lines;
}

function wrongTimes(read: Read): string[] {
  const seconds = (name: string) => {
    const value = read(name);
    return typeof value === 'number' ? value : Number.NaN;
  };
  const lines: string[] = [];
  const least = seconds('BEAT_SECONDS') + seconds('LEASE_MARGIN_SECONDS');
  if (seconds('LEASE_SECONDS') <= least) {
    lines.push(
      `  LEASE_SECONDS: must be more than BEAT_SECONDS and LEASE_MARGIN_SECONDS together (${least}), or the lease runs out before it is extended`,
    );
  }
  if (seconds('TURN_BUDGET_SECONDS') >= functionTimeoutSeconds) {
    lines.push(
      `  TURN_BUDGET_SECONDS: must be less than ${functionTimeoutSeconds}, the functionTimeout of host.json, or the host ends turns in their middle`,
    );
  }
  for (const name of ['VENDOR_TIMEOUT_SECONDS', 'MODEL_TIMEOUT_SECONDS']) {
    if (seconds(name) < seconds('TURN_BUDGET_SECONDS') || Number.isNaN(seconds(name) + seconds('TURN_BUDGET_SECONDS'))) continue;
    lines.push(
      `  ${name}: must be less than TURN_BUDGET_SECONDS (${seconds('TURN_BUDGET_SECONDS')}): a turn asks more than once`,
    );
  }
  if (seconds('WEBHOOK_MAX_AGE_SECONDS') <= repeatsSeconds) {
    lines.push(`  WEBHOOK_MAX_AGE_SECONDS: must be more than ${repeatsSeconds}: WAHA repeats a webhook for so long`);
  }
  return lines;
}

/** The emulator of Service Bus speaks without TLS. */
function plainServiceBus(read: Read): string[] {
  const connection = z.string().catch('').parse(read('SERVICE_BUS'));
  const [, host] = /Endpoint=sb:\/\/([^:/;]+)/i.exec(connection) ?? [];
  if (host === undefined || isLoopback(host) || !/UseDevelopmentEmulator=true/i.test(connection)) return [];
  return ['  SERVICE_BUS: must not say UseDevelopmentEmulator=true, which goes without TLS, for another machine than this'];
}

/**
 * Of the modes that pg knows, `require` and `verify-ca` check the server's certificate and name today, and by its own warning
 * will not in its next version; `prefer`, `no-verify` and `disable` promise nothing. One is the same everywhere.
 */
function plainDatabase(read: Read): string[] {
  const address = z.string().catch('').parse(read('DATABASE_URL'));
  if (!/^postgres(ql)?:/.test(address) || isOnThisMachine(address)) return [];
  const modes = URL.canParse(address) ? new URL(address).searchParams.getAll('sslmode') : [];
  if (modes.length > 0 && modes.every((mode) => mode === 'verify-full')) return [];
  return [
    '  DATABASE_URL: must say ?sslmode=verify-full: without, or with another mode, it is for this very machine alone (127.0.0.1, localhost)',
  ];
}

/** Where pg goes: a `host` among the parameters wins, and one that begins with a slash is a socket. */
function isOnThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, searchParams } = new URL(address);
  const host = searchParams.getAll('host').at(-1) ?? hostname;
  return isLoopback(host) || host === '::1' || /^(\/|%2f)/i.test(host);
}
