import type { Requirement } from '../requirements.ts';

export const mcpRequirements = {
  'mcp:official-client':
    'The official MCP client lists and calls the tools over Streamable HTTP, stateless; GET and DELETE get 405.',
  'mcp:token':
    'An Entra access token is checked for signature, issuer, audience, expiry and tenant; anything else gets 401 and says where the metadata is.',
  'mcp:metadata': 'Protected-resource metadata is served as the authorisation chapter of MCP asks.',
  'mcp:on-behalf-of': 'Microsoft Graph is called on behalf of the caller: what they may not open there, they do not get here.',
  'mcp:claims':
    'A token that Microsoft Graph refused is forgotten, and what a new one has to prove is passed on to the client as Entra asks.',
  'mcp:role': 'Tools are filtered by role, and refused by the server if called anyway.',
  'mcp:annotations': 'Every tool says whether it reads only, destroys, and is idempotent, and answers structured output.',
  'mcp:idempotency':
    'A write takes an idempotency key and goes through the same operation: the same key again is the same write and the same answer; keys that differ are refused, and no two writes of a batch share one.',
  'mcp:callers': 'An account of the organisation is one person here and in the chat, also before any chat is linked to it.',
  'mcp:limits': 'One caller has so many calls under way at once, and one request so many bytes.',
  'mcp:hourly':
    'An account has so many calls an hour, whichever process serves them: who has none left is told when there is another, and counting costs two requests to Cosmos for a dozen calls.',
  'mcp:crash':
    'A call is recorded before it is performed: a crash anywhere is finished by its repeat, and nothing is written twice.',
  'mcp:audit':
    'Every write stands in the audit trail once, by ids and codes alone, with the application that asked for it; also of a person who was erased since.',
  'mcp:own-leases': 'What is no conversation has a lease of its own, in a partition that goes by itself.',
  'mcp:confirmation': 'What needs a confirmation answers so, with an approval id, and is done once the person says yes.',
  'mcp:asked':
    'A repeat of a call that the person was asked about tells what came of it: that it waits, is being done, was declined or let pass, or its result.',
  'mcp:errors': 'Errors are errors of MCP, never a 500.',
  'mcp:one-trace': 'A request is in the trace of the host that received it, with everything that is asked for it.',
  'mcp:schemas': 'Schemas are rendered once at load; names and schemas are snapshot-tested and their tokens counted.',
} as const satisfies Record<string, Requirement>;
