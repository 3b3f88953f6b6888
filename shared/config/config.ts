import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { crossChecks } from './cross-checks.ts';
import { address, key32, list, secret, secrets, text } from './kinds.ts';

const seconds = (fallback: number) => z.coerce.number().positive().default(fallback);
/** Every variable the application reads. `local.settings.sample.json` lists them; README explains each. */
export const Settings = z.object({
  WORKSPACE: z.string().regex(/^[a-z0-9-]{2,32}$/, 'must be 2 to 32 of a-z, 0-9 and -'),
  ORGANISATION_NAME: text,
  ALLOWED_EMAIL_DOMAINS: list.describe('comma-separated'),
  PUBLIC_URL: address('must be the http(s) address people reach the application at'),

  COSMOS_ENDPOINT: address('must be the endpoint of the Cosmos account'),
  COSMOS_KEY: secret.optional(),
  COSMOS_DATABASE: text.default('adjutant'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://'),
  SERVICE_BUS: text.optional(),
  SERVICE_BUS__fullyQualifiedNamespace: text.optional(),

  WAHA_URL: address('must be the address of WAHA'),
  WAHA_API_KEY: secret,
  WAHA_SESSION: z.string().regex(/^[A-Za-z0-9_-]{1,54}$/, 'must be a session name of WAHA'),
  WAHA_HMAC_KEYS: secrets.describe('comma-separated: the keys that sign webhooks, the newest first'),
  WAHA_ACCOUNT_PHONE: z.string().regex(/^\+[1-9]\d{6,14}$/, "must be the assistant's own number in E.164: +15550100000"),

  WAHA_WITHOUT_IDS: z.enum(['true', 'false']).default('false'),
  WHATSAPP_LINK_URL: address('must be the address that links into a chat begin with').default('https://wa.me'),

  ENTRA_TENANT_ID: z.uuid({ error: 'must be the id of the tenant' }),
  ENTRA_CLIENT_ID: z.uuid({ error: 'must be the id of the app registration' }),
  ENTRA_CLIENT_SECRET: secret.optional(),
  ENTRA_AUTHORITY_URL: address('must be the address of the Entra authority').default('https://login.microsoftonline.com'),
  MANAGED_IDENTITY_CLIENT_ID: z.uuid().optional(),
  MSGRAPH_URL: address('must be the address of Microsoft Graph').default('https://graph.microsoft.com'),

  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: address('must be the address of the model').default('https://api.openai.com/v1'),
  OPENAI_MODEL: text,
  OPENAI_FALLBACK_MODEL: text.optional(),

  ORGANISATION_KEY: key32.describe('32 bytes in base64; wraps the data keys'),
  BLIND_INDEX_KEY: key32.describe('32 bytes in base64; keys the look-up of people'),
  OTEL_EXPORTER_OTLP_ENDPOINT: address('must be the address of the collector').optional(),
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(/InstrumentationKey=[0-9a-f-]{36}/i, 'must be the connection string of Application Insights')
    .optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text.optional(),
  METRICS_SECONDS: seconds(60),

  LEASE_SECONDS: seconds(20),
  BEAT_SECONDS: seconds(7),
  LEASE_MARGIN_SECONDS: seconds(3),
  VENDOR_TIMEOUT_SECONDS: seconds(15),
  MODEL_TIMEOUT_SECONDS: seconds(60),
  TURN_BUDGET_SECONDS: seconds(240),
  TAKEOVER_SECONDS: seconds(15),
  PARK_SECONDS: seconds(15),
  WEBHOOK_MAX_AGE_SECONDS: seconds(6 * 3_600),
  SIGN_IN_MINUTES: seconds(15),
  TRANSCRIPT_DAYS: seconds(30),
  PROPOSE_AFTER_SECONDS: seconds(15 * 60),
  APPROVAL_MINUTES: seconds(60),
  PERSON_TURNS_PER_HOUR: seconds(240),
  PERSON_TOKENS_PER_HOUR: seconds(1_000_000),
  TURN_TOKENS: seconds(100_000),
  MCP_CALLS_PER_HOUR: z.coerce.number().int().min(1).default(600),
});
export type Settings = z.infer<typeof Settings>;

/**
 * Reads and checks all settings.
 * @throws {AppError} `settings`, naming every bad variable and what it should be; never a value.
 */
export function loadSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Settings.safeParse(given);
  const unresolved = unresolvedIn(given);
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message] as const);
  const told = wrong
    .filter(([name]) => !unresolved.includes(name))
    .map(([name, message]) => `  ${name}: ${given[name] === undefined ? 'is missing; ' : ''}${message}`);
  const lines = [
    ...unresolved.map((name) => `  ${name}: ${notResolved}`),
    ...new Set([...told, ...crossChecks((name) => readOne(name, given))]),
  ];
  if (parsed.success && lines.length === 0) return parsed.data;
  throw new AppError('settings', `Some settings are missing or wrong:\n${lines.join('\n')}`);
}

const notResolved =
  "its reference to Key Vault was not resolved: check that the secret is there, and that the app's identity may read it";

/** Where the platform cannot resolve a reference it hands it on as it stands, and everybody can tell how one reads. */
function unresolvedIn(given: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(Settings.shape).filter((name) => given[name]?.startsWith('@Microsoft.KeyVault(') === true);
}

/** One that is right by itself, with its default; else nothing, for what is wrong with it is told already. */
function readOne(name: string, given: Readonly<Record<string, string | undefined>>): unknown {
  const parsed = Settings.shape[name as keyof Settings].safeParse(given[name]);
  return parsed.success ? parsed.data : given[name];
}

/** The SDK of Application Insights tells Microsoft of its own use, outside the tenant; it can be told not to by its variable alone. */
export function silenceSdk(environment: NodeJS.ProcessEnv = process.env): void {
  environment['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
}
