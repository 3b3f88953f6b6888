import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect } from 'vitest';
import { roles } from '../../shared/core/roles.ts';
import { createRemoteCatalogue } from '../../shared/tools/mcp-remote.ts';
import { createTools } from '../../shared/tools/index.ts';
import { createToolPorts } from '../support/tool-ports.ts';
import { verifies } from '../verifies.ts';

// What every turn pays for, whether a tool is used or not.
const maxTokensATool = 400;
const maxTokens = 4_000;

const tools = createTools(createToolPorts(), 'acme');
const catalogue = createRemoteCatalogue(tools);

/** Tokens of a tool as a model is shown it. */
const tokensOf = ({ name, description, inputSchema }: { name: string; description?: string | undefined; inputSchema: object }) =>
  countTokens(JSON.stringify({ name, description, parameters: inputSchema }));

verifies('mcp:schemas', 'names and schemas change only where somebody says so: within a turn', () => {
  const shown = tools.map(({ name, description, role, effect, inputSchema, outputSchema }) => ({
    ...{ name, description, role, effect, inputSchema, outputSchema },
  }));

  expect(shown).toMatchSnapshot();
});

verifies('mcp:schemas', 'names and schemas change only where somebody says so: for clients outside', () => {
  expect(catalogue.list('admin')).toMatchSnapshot();
});

verifies('mcp:schemas', 'what the tools cost of every request is counted, and bounded', () => {
  const within = tools.map((tool) => [tool.name, tokensOf(tool)] as const);
  const outside = catalogue.list('admin').map((tool) => [tool.name, tokensOf(tool)] as const);

  for (const [name, tokens] of [...within, ...outside]) expect(tokens, name).toBeLessThanOrEqual(maxTokensATool);
  expect(within.reduce((sum, [, tokens]) => sum + tokens, 0)).toBeLessThanOrEqual(maxTokens);
  expect(Object.fromEntries(within)).toMatchSnapshot();
});

verifies('mcp:schemas', 'they are rendered once: every listing is the very same', () => {
  for (const role of roles) expect(catalogue.list(role)).toBe(catalogue.list(role));
  for (const tool of tools) expect(catalogue.find('admin', tool.name)).toBe(tool);
});
