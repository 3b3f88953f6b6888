import { describe, expect } from 'vitest';
import { z } from 'zod';
import { contractsDirectory, loadContract } from '../../support/contracts.ts';
import { verifies } from '../../verifies.ts';
import { createEvent, everyTool, instructions, startOpenai } from './support.ts';

describe.skipIf(contractsDirectory === undefined)('against the document in CONTRACTS_DIR (skipped where it is not)', () => {
  const contract = contractsDirectory === undefined ? undefined : loadContract('openai-subset.openapi.json');
  const problems = (schema: string, value: unknown) => contract?.problems(schema, value) ?? ['no contract'];

  verifies('openai:contract', 'responses, models, embeddings and errors are as the document says', async () => {
    const { context, client } = await startOpenai();
    const base = { model: 'adjutant-rules-1', instructions, tools: everyTool };
    const schema = z.toJSONSchema(z.object({ reason: z.string() }));
    const format = { type: 'json_schema' as const, name: 'f', schema, strict: true };

    await client.responses.create({ ...base, input: 'Hello' });
    await client.responses.create({ ...base, input: 'Who am I?', metadata: { a: 'b' }, user: 'u', reasoning: { effort: 'low' } });
    await client.responses.create({ ...base, input: 'Hello', max_output_tokens: 16, tool_choice: 'none', text: { format } });
    const { id } = await client.responses.create({ ...base, input: 'Hello', tools: [{ ...createEvent, strict: null }] });
    await client.responses.inputItems.list(id);
    await client.responses.inputTokens.count({ ...base, input: 'Hello' });
    await client.models.list();
    await client.embeddings.create({ model: 'text-embedding-3-small', input: 'x', dimensions: 8, encoding_format: 'float' });
    await client.responses.create({ ...base, model: 'none', input: 'x' }).catch(() => undefined);
    context.faults.add({ vendor: 'openai', effect: 'answer', status: 503 });
    await client.models.list().catch(() => undefined);

    const answers = context.journal.entries('openai').map(({ response }) => JSON.parse(response) as unknown);
    const kinds = ['Response', 'Response', 'Response', 'Response', 'ResponseItemList', 'TokenCountsResource'];
    kinds.push('ListModelsResponse', 'CreateEmbeddingResponse', 'ErrorResponse', 'ErrorResponse');
    expect(answers).toHaveLength(kinds.length);
    expect(kinds.map((kind, index) => [kind, problems(kind, answers[index])])).toEqual(kinds.map((kind) => [kind, []]));
  });

  verifies('openai:contract', 'each event of a stream is as the document says', async () => {
    const { client, openai } = await startOpenai();
    const base = { model: 'adjutant-rules-1', instructions, tools: everyTool };
    openai.script([
      { match: { contains: 'refuse' }, response: { output: [{ content: [{ type: 'refusal', refusal: 'I will not' }] }] } },
    ]);

    const events: unknown[] = [];
    for (const input of ['Hello', 'Who am I?', 'refuse this']) {
      for await (const event of await client.responses.create({ ...base, input, stream: true })) events.push(event);
    }

    expect(events.length).toBeGreaterThan(20);
    expect(events.flatMap((event) => problems('ResponseStreamEvent', event))).toEqual([]);
  });
});
