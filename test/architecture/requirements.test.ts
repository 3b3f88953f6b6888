import { globSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { requirements } from '../requirements.ts';
import { verifies } from '../verifies.ts';

const citation = /\bverifies\(\s*(?:'([^']+)'|\[([^\]]+)\])/g;

/** The ids that the text of a test file cites, literals only. */
function citedIn(source: string): string[] {
  return [...source.matchAll(citation)].flatMap(([, one, several]) =>
    one === undefined ? [...(several ?? '').matchAll(/'([^']+)'/g)].map(([, id]) => id ?? '') : [one],
  );
}

function missing(cited: ReadonlySet<string>): { untested: string[]; citedThoughPlanned: string[] } {
  const entries = Object.entries(requirements);
  return {
    untested: entries.filter(([id, text]) => typeof text === 'string' && !cited.has(id)).map(([id]) => id),
    citedThoughPlanned: entries.filter(([id, text]) => typeof text !== 'string' && cited.has(id)).map(([id]) => id),
  };
}

verifies('gates:requirements-have-tests', 'every promise has its test, every test its promise', () => {
  const cited = new Set(globSync('test/**/*.test.ts').flatMap((file) => citedIn(readFileSync(file, 'utf8'))));

  const unknown = [...cited].filter((id) => !(id in requirements));

  expect(unknown).toEqual([]);
  expect(missing(cited)).toEqual({ untested: [], citedThoughPlanned: [] });
});

verifies('gates:requirements-have-tests', 'a promise without a test is noticed', () => {
  expect(missing(new Set()).untested).toContain('gates:requirements-have-tests');
});
