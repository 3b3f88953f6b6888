import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// node export-spans.ts <folder of the package>: asks the package's own applicationinsights to export one dependency, and
// prints what it would have sent.
interface Request {
  readonly url: string;
  readonly body?: unknown;
}
interface Client {
  readonly config: { azureMonitorOpenTelemetryOptions?: object };
  initialize(): void;
  trackDependency(dependency: object): void;
  flush(): Promise<void>;
}

const [folder = ''] = process.argv.slice(2);
const home = join(folder, 'node_modules/applicationinsights/index.js');
const { TelemetryClient } = (await import(pathToFileURL(home).href)) as {
  TelemetryClient: new (connectionString: string, options: object) => Client;
};
const connectionString = 'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://ingestion.example/';
const sent: { url: string; body: string }[] = [];
const httpClient = {
  sendRequest(request: Request) {
    sent.push({ url: request.url, body: String(request.body) });
    const bodyAsText = JSON.stringify({ itemsReceived: 1, itemsAccepted: 1, errors: [] });
    return Promise.resolve({ request, status: 200, headers: new Map(), bodyAsText });
  },
};
const client = new TelemetryClient(connectionString, { useGlobalProviders: false });
client.config.azureMonitorOpenTelemetryOptions = {
  azureMonitorExporterOptions: { connectionString, disableOfflineStorage: true, httpClient },
};
client.initialize();
client.trackDependency({ name: 'turn', dependencyTypeName: 'InProc', data: '', duration: 5, resultCode: '0', success: true });
await client.flush();
process.stdout.write(JSON.stringify(sent));
process.exit();
