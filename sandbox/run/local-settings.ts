import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from './real-vendors.ts';

const SettingsFile = z.object({ Values: z.record(z.string(), z.coerce.string()).default({}) });

/**
 * The settings given by hand, in the environment or in local.settings.json. Which names are settings, the sample says;
 * nothing else of the environment is looked at. A value of the file that is the sample's own speaks of a stand-in, which
 * it is to start and not to replace.
 */
export function readGivenSettings(root: string, environment: Settings): Settings {
  const sample = read(join(root, 'local.settings.sample.json'));
  const file = Object.entries(read(join(root, 'local.settings.json'))).filter(([name, value]) => value !== sample[name]);
  const isSetting = (name: string) => name in sample || /^Azure(WebJobs|FunctionsJobHost__)/.test(name);
  const own = Object.entries(environment).filter(([name, value]) => isSetting(name) && value !== '');
  return Object.fromEntries([...file, ...own]);
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
