/**
 * Who may import whom (docs/architecture.md). Each row: where the importing file lives, what of ours it may import, and
 * which packages; everything else is forbidden. `test/architecture/layers.test.ts` plants a violation of every row.
 */
const own = (pattern) => `^shared/${pattern}`;
const domainFaces = own('domain/[^/]+/index\\.ts$');
const rows = [
  { name: 'core', from: own('core/'), may: [own('core/')], packages: ['zod', 'luxon'] },
  { name: 'ports', from: own('ports/'), may: [own('(core|ports)/')], packages: ['zod'] },
  { name: 'config', from: own('config/'), may: [own('(core|config)/')], packages: ['zod'] },
  { name: 'telemetry', from: own('telemetry/'), may: [own('(core|telemetry)/')], packages: ['zod', '@opentelemetry/api'] },
  {
    name: 'domain',
    from: own('domain/([^/]+)/'),
    may: [own('(core|ports|telemetry)/'), own('domain/$1/'), domainFaces],
    packages: ['zod', 'luxon', 'libphonenumber-js'],
  },
  {
    name: 'tools',
    from: own('tools/'),
    fromNot: own('tools/(mcp-[a-z]+|schema-validators)\\.ts$'),
    may: [own('(core|ports)/'), domainFaces, own('tools/')],
    packages: ['zod'],
  },
  {
    name: 'tools-server',
    from: own('tools/(mcp-[a-z]+|schema-validators)\\.ts$'),
    may: [own('(core|ports)/'), domainFaces, own('tools/[^/]+\\.ts$')],
    packages: ['zod', '@modelcontextprotocol/sdk'],
  },
  {
    name: 'mcp',
    from: own('mcp/'),
    may: [own('(core|ports|telemetry|conversation|mcp)/'), domainFaces, own('tools/[^/]+\\.ts$')],
    packages: ['zod'],
  },
  {
    name: 'conversation',
    from: own('conversation/'),
    fromNot: own('conversation/turn/'),
    may: [own('(core|ports|telemetry|conversation)/'), domainFaces],
    packages: ['zod'],
  },
  {
    name: 'turn',
    from: own('conversation/turn/'),
    fromNot: own('conversation/turn/(turn-graph|tool-client)\\.ts$'),
    may: [own('(core|ports|telemetry|conversation)/'), domainFaces, own('tools/index\\.ts$')],
    packages: ['zod'],
  },
  {
    name: 'turn-graph',
    from: own('conversation/turn/turn-graph\\.ts$'),
    may: [own('(core|ports|telemetry|conversation)/')],
    packages: ['zod', '@langchain/langgraph'],
  },
  {
    name: 'tool-client',
    from: own('conversation/turn/tool-client\\.ts$'),
    may: [own('(core|ports|telemetry|conversation)/'), own('tools/index\\.ts$')],
    packages: ['zod', '@modelcontextprotocol/sdk'],
  },
  ...Object.entries({
    applicationinsights: ['applicationinsights'],
    cosmos: ['@azure/cosmos', '@azure/core-rest-pipeline'],
    entra: ['@azure/msal-node', 'jose'],
    keyvault: ['@azure/keyvault-keys', '@azure/identity'],
    msgraph: ['luxon', 'windows-iana'],
    openai: ['openai'],
    otlp: [],
    postgres: [
      'pg',
      '@langchain/langgraph',
      '@langchain/langgraph-checkpoint',
      '@langchain/langgraph-checkpoint-postgres',
      '@langchain/core',
    ],
    servicebus: ['@azure/service-bus'],
    system: [],
    waha: [],
  }).map(([vendor, packages]) => ({
    name: `adapter-${vendor}`,
    from: own(`adapters/${vendor}/`),
    may: [own('(core|ports|telemetry)/'), own(`adapters/${vendor}/`), own('adapters/[^/]+\\.ts$')],
    packages: ['zod', ...packages],
  })),
  {
    name: 'adapters-common',
    from: own('adapters/[^/]+\\.ts$'),
    may: [own('(core|ports|telemetry)/')],
    packages: ['zod', '@azure/identity', '@azure/core-auth'],
  },
  { name: 'wiring', from: own('(wiring/|application\\.ts$)'), may: ['^shared/'], packages: ['zod'] },
  {
    name: 'functions',
    from: '^functions/',
    may: ['^functions/', '^shared/application\\.ts$', '^shared/core/errors\\.ts$'],
    packages: ['@azure/functions'],
  },
  { name: 'sandbox', from: '^sandbox/', may: ['^sandbox/'] },
  { name: 'packaging', from: '^packaging/', may: ['^packaging/', '^functions/(main|application)\\.ts$'] },
];

const ours = '^(shared|functions|sandbox|packaging|test|bench)/';
const forbidden = rows.flatMap(({ name, from, fromNot, may, packages }) => [
  {
    name: `${name}-files`,
    severity: 'error',
    from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
    to: { path: ours, pathNot: may },
  },
  ...(packages
    ? [
        {
          name: `${name}-packages`,
          severity: 'error',
          from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
          to: {
            dependencyTypesNot: ['local', 'core', 'type-only'],
            path: 'node_modules/',
            ...(packages.length === 0 ? {} : { pathNot: `node_modules/(${packages.join('|')})/` }),
          },
        },
      ]
    : []),
]);

module.exports = {
  forbidden: [
    ...forbidden,
    // A file of an area nobody named belongs to no row: say where it belongs first.
    {
      name: 'no-unknown-adapter',
      severity: 'error',
      from: {
        path: own('adapters/[^/]+/'),
        pathNot: own('adapters/(applicationinsights|cosmos|entra|keyvault|msgraph|openai|otlp|postgres|servicebus|system|waha)/'),
      },
      to: {},
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: { path: ours },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, pathNot: '^@azure/functions-core$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
