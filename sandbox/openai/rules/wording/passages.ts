import { isObject } from '../../wire/strict-schema.ts';
import type { WordingContext } from '../intent.ts';
import { sentences, wordsOf } from '../summary.ts';
import { listIn } from './shape.ts';

const maxSentences = 3;

/** An answer made of the sentences that share most words with the question, each with its source. */
export function wordPassages(result: unknown, { question }: WordingContext): string | undefined {
  const list = listIn(result);
  if (!list) return undefined;
  const passages = list.flatMap((item) => {
    const text = isObject(item)
      ? [item.text, item.passage, item.content, item.snippet].find((each) => typeof each === 'string')
      : undefined;
    return isObject(item) && typeof text === 'string' ? [{ text, source: sourceOf(item) }] : [];
  });
  if (passages.length < list.length) return undefined;
  if (passages.length === 0) return 'I found nothing about that in the documents you may open.';
  const asked = new Set(wordsOf(question));
  const scored = passages.flatMap(({ text, source }) =>
    sentences(text).map((sentence) => ({ sentence, source, score: wordsOf(sentence).filter((word) => asked.has(word)).length })),
  );
  const best = scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, maxSentences);
  const chosen = best.length > 0 ? best : scored.slice(0, 1);
  return chosen.map(({ sentence, source }) => (source === undefined ? sentence : `${sentence} [${source}]`)).join('\n');
}

function sourceOf(item: Record<string, unknown>): string | undefined {
  const found = [item.citation, item.title, item.document, item.name, item.source, item.file].find(
    (each) => typeof each === 'string',
  );
  return typeof found === 'string' ? found : undefined;
}
