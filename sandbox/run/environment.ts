import { organisation } from '../seed/organisation.ts';
import { isSet, type Settings } from './real-vendors.ts';
import type { StandIns } from './stand-ins.ts';

export type Environment = Readonly<Record<string, string>>;

export interface EnvironmentInput {
  readonly sandboxUrl: string;
  readonly applicationUrl: string;
  readonly keys: { readonly organisationKey: string; readonly blindIndexKey: string };
  readonly standIns: StandIns;
  readonly settings: Settings;
}

// What a real model is called where nobody says which to use.
const usualModel = 'gpt-5.4-mini';

/** The application's settings: how to reach each stand-in, beside what was set by hand. */
export function createEnvironment(input: EnvironmentInput): Environment {
  const { settings } = input;
  const given = Object.entries(settings).flatMap(([name, value]) => (isSet(settings, name) ? [[name, value ?? '']] : []));
  return {
    ...general(input),
    ...(input.standIns.openai ? {} : { OPENAI_MODEL: usualModel }),
    ...(Object.fromEntries(given) as Environment),
    // Where a stand-in runs, half-set variables of the real vendor must not meet it.
    ...forStandIns(input),
  };
}

function general({ applicationUrl, sandboxUrl, keys }: EnvironmentInput) {
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '4194304',
    WORKSPACE: organisation.workspace,
    ORGANISATION_NAME: organisation.name,
    ALLOWED_EMAIL_DOMAINS: organisation.domain,
    PUBLIC_URL: applicationUrl,
    ORGANISATION_KEY: keys.organisationKey,
    BLIND_INDEX_KEY: keys.blindIndexKey,
    SANDBOX_CLOCK_URL: `${sandboxUrl}/sandbox/clock`,
  };
}

function forStandIns({ sandboxUrl, standIns }: EnvironmentInput) {
  return {
    ...(standIns.waha && {
      WAHA_URL: `${sandboxUrl}/waha`,
      WAHA_API_KEY: organisation.waha.apiKey,
      WAHA_SESSION: organisation.waha.wahaSession,
      WAHA_HMAC_KEYS: organisation.waha.hmacKey,
      WAHA_ACCOUNT_PHONE: organisation.assistant.phone,
      WHATSAPP_LINK_URL: `${sandboxUrl}/wa.me`,
    }),
    ...(standIns.entra && {
      ENTRA_TENANT_ID: organisation.tenantId,
      ENTRA_CLIENT_ID: organisation.clientId,
      ENTRA_CLIENT_SECRET: organisation.clientSecret,
      ENTRA_AUTHORITY_URL: `${sandboxUrl}/login`,
    }),
    ...(standIns.msgraph && { MSGRAPH_URL: `${sandboxUrl}/msgraph` }),
    ...(standIns.openai && {
      OPENAI_API_KEY: 'sandbox-openai-key',
      OPENAI_BASE_URL: `${sandboxUrl}/openai/v1`,
      OPENAI_MODEL: 'adjutant-rules-1',
      OPENAI_FALLBACK_MODEL: 'adjutant-rules-mini',
    }),
    ...(standIns.cosmos && {
      COSMOS_ENDPOINT: standIns.cosmos.endpoint,
      COSMOS_KEY: standIns.cosmos.key,
      COSMOS_DATABASE: organisation.cosmos.database,
    }),
    ...(standIns.postgres && { DATABASE_URL: standIns.postgres.url }),
    ...(standIns.servicebus && { SERVICE_BUS: standIns.servicebus.connectionString }),
    ...(standIns.storage && { AzureWebJobsStorage: standIns.storage.connectionString }),
    ...(standIns.otlp && { OTEL_EXPORTER_OTLP_ENDPOINT: `${sandboxUrl}/otlp` }),
  };
}
