import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const asked = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** The Chromium of the machine; undefined where there is none: such tests then skip. */
export const chromiumPath: string | undefined = existsSync(asked) ? asked : undefined;

export const skippedWithoutChromium = `in Chromium (skipped without ${asked}; CHROMIUM_PATH names another)`;

/** Without a screen, and without the requests that Chromium makes of its own. */
export function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`There is no Chromium at ${asked}`);
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  });
}
