import { adapterRequirements } from './requirements/adapters.ts';
import { applicationRequirements } from './requirements/application.ts';
import { conversationRequirements } from './requirements/conversation.ts';
import { cosmosRequirements } from './requirements/cosmos.ts';
import { entraRequirements } from './requirements/entra.ts';
import { gateRequirements } from './requirements/gates.ts';
import { hostRequirements } from './requirements/host.ts';
import { msgraphRequirements } from './requirements/msgraph.ts';
import { openaiRequirements } from './requirements/openai.ts';
import { otlpRequirements } from './requirements/otlp.ts';
import { pageRequirements } from './requirements/page.ts';
import { postgresRequirements } from './requirements/postgres.ts';
import { servicebusRequirements } from './requirements/servicebus.ts';
import { signInRequirements } from './requirements/sign-in.ts';
import { toolRequirements } from './requirements/tools.ts';
import { turnRequirements } from './requirements/turn.ts';
import { wahaRequirements } from './requirements/waha.ts';
import { azureRequirements } from './requirements/azure.ts';
import { benchRequirements } from './requirements/bench.ts';
import { chaosRequirements } from './requirements/chaos.ts';
import { fuzzRequirements } from './requirements/fuzz.ts';
import { limitRequirements } from './requirements/limits.ts';
import { mcpRequirements } from './requirements/mcp.ts';
import { privacyRequirements } from './requirements/privacy.ts';
import { witnessRequirements } from './requirements/witness.ts';

/**
 * What Adjutant promises, one sentence an entry; `planned` until a test cites it with `verifies('<id>', …)`.
 * `test/architecture/requirements.test.ts` fails on a promise without a test and on a test without a promise.
 */
export const requirements = {
  ...gateRequirements,
  ...applicationRequirements,
  ...adapterRequirements,
  ...hostRequirements,
  ...servicebusRequirements,
  ...cosmosRequirements,
  ...postgresRequirements,
  ...wahaRequirements,
  ...msgraphRequirements,
  ...entraRequirements,
  ...openaiRequirements,
  ...otlpRequirements,
  ...conversationRequirements,
  ...signInRequirements,
  ...turnRequirements,
  ...toolRequirements,
  ...pageRequirements,
  ...azureRequirements,
  ...benchRequirements,
  ...chaosRequirements,
  ...fuzzRequirements,
  ...limitRequirements,
  ...mcpRequirements,
  ...privacyRequirements,
  ...witnessRequirements,
} satisfies Record<string, Requirement>;

export type Requirement = string | { readonly planned: string };
export type RequirementId = keyof typeof requirements;
