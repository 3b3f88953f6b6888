import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** The vendors that have a document. */
export const documentedVendors = ['waha', 'msgraph', 'openai'] as const;
export type DocumentedVendor = (typeof documentedVendors)[number];

/** A line as the sandbox's witness wrote it. */
export const Exchange = z.object({
  vendor: z.enum(documentedVendors),
  kind: z.enum(['request', 'webhook']),
  method: z.string(),
  path: z.string(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBody: z.string(),
  status: z.int(),
  responseType: z.string(),
  responseBody: z.string(),
  byFault: z.boolean(),
});
export type Exchange = z.infer<typeof Exchange>;

/** As `userAgent` of the adapters; not taken from there, so that a run is judged even where they do not load. */
export const adaptersName = 'adjutant';

/** Tests ask the stand-ins too, at times wrongly on purpose; our adapters name themselves. */
export const isFromAdapter = ({ requestHeaders }: Exchange): boolean => requestHeaders['user-agent'] === adaptersName;

/** Everything written down in a folder, line by line; a repeat is the same to the letter. */
export async function* readExchanges(directory: string): AsyncGenerator<{ exchange: Exchange; isRepeat: boolean }> {
  const seen = new Set<string>();
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.jsonl')) : [];
  for (const file of files.sort()) {
    for await (const line of createInterface({ input: createReadStream(join(directory, file)), crlfDelay: Infinity })) {
      const exchange = parseLine(line);
      if (!exchange) continue;
      const digest = createHash('sha1').update(line).digest('base64');
      yield { exchange, isRepeat: seen.has(digest) };
      seen.add(digest);
    }
  }
}

/** The last line of a process that was killed may be cut. */
function parseLine(line: string): Exchange | undefined {
  try {
    return Exchange.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
