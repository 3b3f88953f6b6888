import type { CreateTarget } from '../target.ts';
import { createMcpTarget } from './mcp.ts';
import { createSignInTarget } from './sign-in.ts';
import { createPostgresTarget, createServiceBusTarget } from './sockets.ts';
import * as vendors from './vendors.ts';
import { createWebhookTarget } from './webhook.ts';

/** The last may move time, so that tokens end. */
export const targets = {
  webhook: createWebhookTarget,
  'sign-in': createSignInTarget,
  mcp: createMcpTarget,
  waha: vendors.createWahaTarget,
  msgraph: vendors.createMsgraphTarget,
  cosmos: vendors.createCosmosTarget,
  openai: vendors.createOpenaiTarget,
  entra: vendors.createEntraTarget,
  servicebus: createServiceBusTarget,
  postgres: createPostgresTarget,
  otlp: vendors.createOtlpTarget,
  control: vendors.createControlTarget,
} as const satisfies Record<string, CreateTarget>;

export type TargetName = keyof typeof targets;
