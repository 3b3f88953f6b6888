import type { Settings } from './options.ts';
import { digitsOf } from './people.ts';

export function environment(settings: Pick<Settings, 'version' | 'engine'>) {
  return {
    version: settings.version,
    engine: settings.engine,
    tier: 'CORE',
    browser: null,
    platform: 'linux/x64',
    worker: { id: null },
  };
}

// The number WhatsApp gave this linked device: GOWS tells its own messages by it.
const deviceNumber = 12;

export function accountJid({ account }: Pick<Settings, 'account'>): string {
  return `${digitsOf(account.phone)}:${deviceNumber}@s.whatsapp.net`;
}

/** Who WAHA is on WhatsApp. */
export function meInfo(settings: Pick<Settings, 'account' | 'engine'>) {
  const { account, engine } = settings;
  return {
    id: `${digitsOf(account.phone)}@c.us`,
    pushName: account.name,
    lid: `${account.lid}@lid`,
    ...(engine === 'GOWS' ? { jid: accountJid(settings) } : {}),
  };
}

export type MeInfo = ReturnType<typeof meInfo>;

/** Whether WhatsApp lets the account write to new contacts. */
export const reachoutTimelock = (isActive: boolean) => ({
  enforcementType: 'reachout_timelock',
  isActive,
  timeEnforcementEnds: null,
});
