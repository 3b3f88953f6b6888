import { expect, vi } from 'vitest';
import { people } from '../../sandbox/seed/people.ts';
import { ask, runSandbox } from '../sandbox/run/support.ts';
import { verifies } from '../verifies.ts';

vi.setConfig({ testTimeout: 120_000 });

const ana = '+15550100001';
const nothingButTheModel = {
  WAHA_URL: 'https://waha.example',
  ENTRA_TENANT_ID: '11111111-1111-4111-8111-111111111111',
  COSMOS_ENDPOINT: 'https://cosmos.example',
  SERVICE_BUS: 'elsewhere',
};

verifies('application:real-vendor-by-setting', 'a model that the settings name answers in the chat, and no other', async () => {
  // Another sandbox stands for the vendor: it plays the model and nothing else.
  const vendor = await runSandbox({ withApplication: false, environment: nothingButTheModel });
  const environment = {
    OPENAI_API_KEY: 'a-real-key',
    OPENAI_BASE_URL: `${vendor.url}/openai/v1`,
    OPENAI_MODEL: 'adjutant-rules-1',
    DATABASE_URL: '',
    AzureWebJobsStorage: '',
  };
  const sandbox = await runSandbox({
    ...{ environment, applicationRoot: undefined },
    onboard: people.filter(({ phone }) => phone === ana),
  });
  vendor.openai.script([{ response: { output_text: 'Said by the real one.' } }]);

  const { body } = await ask(sandbox, 'POST /sandbox/messages', { from: ana, text: 'What do you think of Mondays?' });
  await sandbox.waitUntilIdle(30_000);

  const chat = sandbox.waha.chat(ana, (body as { id: string }).id);
  expect(chat).toMatchObject([{ fromMe: false, text: 'Said by the real one.' }]);
  expect(vendor.context.journal.entries('openai')[0]?.headers).toMatchObject({ authorization: 'Bearer a-real-key' });
  expect(sandbox.context.journal.entries('openai')).toEqual([]);
});
