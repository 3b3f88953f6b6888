import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { startOpenai } from './support.ts';

const model = 'text-embedding-3-small';
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
const unit = (vector: readonly number[]) => vector.map((value) => value / Math.hypot(...vector));

verifies('openai:embeddings', 'base64 as the SDK asks and floats are the same vectors, of unit length, each time', async () => {
  const { context, client } = await startOpenai();
  const input = ['The travel policy allows trains.', 'Printer jammed on floor 3'];

  const asked = await client.embeddings.create({ model, input });
  const floats = await client.embeddings.create({ model, input, encoding_format: 'float' });

  expect(JSON.parse(context.journal.entries('openai')[0]?.body ?? '{}')).toMatchObject({ encoding_format: 'base64' });
  expect(asked.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
    [0, 1536],
    [1, 1536],
  ]);
  for (const [index, { embedding }] of asked.data.entries()) {
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(dot(embedding, floats.data[index]?.embedding ?? [])).toBeCloseTo(1, 5);
  }
  expect(asked.usage.prompt_tokens).toBe(8 + 7);
});

verifies('openai:embeddings', 'fewer dimensions are the first ones of the whole, as the vendor shortens them', async () => {
  const { client } = await startOpenai();
  const input = 'The travel policy allows trains.';

  const whole = await client.embeddings.create({ model, input });
  const short = await client.embeddings.create({ model, input, dimensions: 512 });

  const [full = [], cut = []] = [whole.data[0]?.embedding, short.data[0]?.embedding];
  expect(cut).toHaveLength(512);
  expect(dot(unit(full.slice(0, 512)), cut)).toBeCloseTo(1, 5);
});

verifies('openai:embeddings', 'texts that share words are nearer than texts that do not', async () => {
  const { client } = await startOpenai();
  const input = [
    'May I travel first class by train?',
    'Travel policy: trains are booked in first class above four hours of travel.',
    'The printer on floor three is out of toner and jams every morning.',
  ];

  const { data } = await client.embeddings.create({ model, input, dimensions: 256 });

  const [question = [], policy = [], printer = []] = data.map(({ embedding }) => embedding);
  expect(dot(question, policy)).toBeGreaterThan(dot(question, printer) + 0.2);
});

const refusals: readonly [string, object, object][] = [
  ['an empty text', { input: ['a', ''] }, { status: 400 }],
  ['more than 2,048 texts', { input: Array.from({ length: 2_049 }, () => 'a') }, { status: 400 }],
  [
    'a text over 8,192 tokens',
    { input: 'a'.repeat(40_000) },
    { status: 400, error: { message: expect.stringContaining('8192') as string } },
  ],
  [
    'over 300,000 tokens in all',
    { input: Array.from({ length: 40 }, () => 'a'.repeat(32_000)) },
    { code: 'max_tokens_per_request' },
  ],
  ['more dimensions than there are', { dimensions: 1_537 }, { status: 400 }],
  ['dimensions of a model that has one size', { model: 'text-embedding-ada-002', dimensions: 256 }, { status: 400 }],
  ['an unknown parameter', { truncate: true }, { status: 400, code: 'unknown_parameter', param: 'truncate' }],
  ['a model that there is not', { model: 'text-embedding-9' }, { status: 404, code: 'model_not_found' }],
];

for (const [what, given, expected] of refusals) {
  verifies('openai:embeddings', `${what} is refused`, async () => {
    const { client } = await startOpenai();

    const error: unknown = await client.embeddings.create({ model, input: 'x', ...given }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject(expected);
  });
}
