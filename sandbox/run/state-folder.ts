import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { vendorPortNames, type VendorPorts } from './ports.ts';

const Kept = z.object({
  organisationKey: z.base64(),
  blindIndexKey: z.base64(),
  ports: z.record(z.enum(vendorPortNames), z.int()).optional(),
  /** Against which ports of sandbox and application the others were chosen. */
  besides: z.string().optional(),
  clockOffsetMs: z.number().default(0),
});
type Kept = z.infer<typeof Kept>;

/** What the sandbox itself remembers between two starts. */
export interface StateFolder {
  readonly organisationKey: string;
  readonly blindIndexKey: string;
  readonly clockOffsetMs: number;
  /** The ports of the last start beside the same ports of sandbox and application. */
  portsBeside(besides: string): VendorPorts | undefined;
  keepPorts(besides: string, ports: VendorPorts): void;
  keepClock(offsetMs: number): void;
}

/** Without a directory nothing is kept. */
export function openStateFolder(directory: string | undefined): StateFolder {
  let kept = load(directory) ?? {
    organisationKey: randomBytes(32).toString('base64'),
    blindIndexKey: randomBytes(32).toString('base64'),
    clockOffsetMs: 0,
  };
  const save = (changes: Partial<Kept>) => {
    kept = { ...kept, ...changes };
    if (directory !== undefined) writeSecret(join(directory, 'sandbox.json'), kept);
  };
  save({});
  const { organisationKey, blindIndexKey, clockOffsetMs } = kept;
  return {
    ...{ organisationKey, blindIndexKey, clockOffsetMs },
    portsBeside: (besides) => (kept.besides === besides ? kept.ports : undefined),
    keepPorts: (besides, ports) => save({ besides, ports }),
    keepClock: (offsetMs) => save({ clockOffsetMs: offsetMs }),
  };
}

function load(directory: string | undefined): Kept | undefined {
  if (directory === undefined) return undefined;
  const path = join(directory, 'sandbox.json');
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const parsed = Kept.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} cannot be read: \`npm start -- --fresh\` begins anew.`);
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A file for its owner's eyes alone. */
export function writeSecret(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  // Renamed into place: a kill leaves the old one or the new one.
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
