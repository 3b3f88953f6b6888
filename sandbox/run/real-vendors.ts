export type Settings = Readonly<Record<string, string | undefined>>;

/** The vendors whose stand-in is left out where the settings name the real one. */
export const replaceable = ['waha', 'msgraph', 'entra', 'openai', 'cosmos', 'servicebus', 'postgres', 'storage', 'otlp'] as const;
export type Replaceable = (typeof replaceable)[number];

/** The settings that name a real vendor: one is enough. */
const ownSettings: Readonly<Record<Replaceable, readonly string[]>> = {
  waha: ['WAHA_URL'],
  msgraph: ['MSGRAPH_URL'],
  entra: ['ENTRA_TENANT_ID', 'ENTRA_CLIENT_ID', 'ENTRA_AUTHORITY_URL'],
  openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  cosmos: ['COSMOS_ENDPOINT'],
  servicebus: ['SERVICE_BUS', 'SERVICE_BUS__fullyQualifiedNamespace'],
  postgres: ['DATABASE_URL'],
  storage: ['AzureWebJobsStorage', 'AzureWebJobsStorage__accountName', 'AzureWebJobsStorage__blobServiceUri'],
  otlp: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
};

export const isSet = (settings: Settings, name: string): boolean => (settings[name] ?? '').trim() !== '';

/** Which vendors are used for real, each with the setting that says so. */
export function findRealVendors(settings: Settings): ReadonlyMap<Replaceable, string> {
  const real = new Map<Replaceable, string>();
  for (const vendor of replaceable) {
    const setting = ownSettings[vendor].find((name) => isSet(settings, name));
    if (setting !== undefined) real.set(vendor, setting);
  }
  // The stand-in for Microsoft Graph cannot check the tokens of a real tenant.
  const entra = real.get('entra');
  if (entra !== undefined && !real.has('msgraph')) real.set('msgraph', entra);
  return real;
}
