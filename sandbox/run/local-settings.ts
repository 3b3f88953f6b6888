import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from './real-vendors.ts';

const SettingsFile = z.object({ Values: z.record(z.string(), z.coerce.string()).default({}) });

/**
 * What was set by hand in local.settings.json: the values that are not the sample's. A sample that was copied as it is
 * speaks of the stand-ins, and is to start them.
 */
export function readLocalSettings(root: string): Settings {
  const own = read(join(root, 'local.settings.json'));
  const sample = read(join(root, 'local.settings.sample.json'));
  return Object.fromEntries(Object.entries(own).filter(([name, value]) => value !== sample[name]));
}

function read(path: string): Settings {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return SettingsFile.parse(JSON.parse(text)).Values;
  } catch {
    throw new Error(`${path} cannot be read: it is to be as local.settings.sample.json.`);
  }
}
