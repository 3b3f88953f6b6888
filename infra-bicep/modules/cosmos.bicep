// The system of record: one database, its containers as the application names them.
@description('Name of the account; unique in Azure.')
param accountName string
param location string = resourceGroup().location
@description('Object id of the identity that the application runs as.')
param principalId string

var containers = [
  { name: 'conversations', partitionKey: '/conversationId', indexed: ['/dueAt/?', '/type/?', '/open/?'] }
  { name: 'people', partitionKey: '/id', indexed: [] }
  { name: 'identities', partitionKey: '/id', indexed: [] }
  { name: 'tokens', partitionKey: '/personId', indexed: [] }
  { name: 'sign-ins', partitionKey: '/id', indexed: [] }
  { name: 'data-keys', partitionKey: '/id', indexed: [] }
  { name: 'audit', partitionKey: '/stream', indexed: [] }
  { name: 'settings', partitionKey: '/workspace', indexed: [] }
]

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: accountName
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: [{ name: 'EnableServerless' }]
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: false }]
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    // No network is asked for: an app of Flex Consumption has no address of its own to be let in by, short of a virtual
    // network with private endpoints. Who comes needs a token of the one identity: there are no keys.
    publicNetworkAccess: 'Enabled'
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: account
  name: 'adjutant'
  properties: { resource: { id: 'adjutant' } }
}

resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = [
  for item in containers: {
    parent: database
    name: item.name
    properties: {
      resource: {
        id: item.name
        partitionKey: { paths: [item.partitionKey], kind: 'Hash', version: 2 }
        defaultTtl: -1
        indexingPolicy: {
          indexingMode: 'consistent'
          includedPaths: map(item.indexed, path => { path: path })
          excludedPaths: [{ path: '/*' }]
        }
      }
    }
  }
]

// Data plane rights are Cosmos' own, not Azure's. Each is for one container; what is not granted is not to be had.
// Cosmos DB Built-in Data Contributor: reads and writes documents, nothing else.
var dataContributor = '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'

// The audit trail is written and read back, and never changed: not by us either.
resource appendOnly 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-04-15' = {
  parent: account
  name: guid(account.id, 'append-only')
  properties: {
    roleName: 'Adjutant append only'
    type: 'CustomRole'
    assignableScopes: [account.id]
    permissions: [
      {
        dataActions: [
          'Microsoft.DocumentDB/databaseAccounts/readMetadata'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read'
        ]
      }
    ]
  }
}

// Where the account is and which regions it has: the SDK asks before it asks for anything else.
resource metadata 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-04-15' = {
  parent: account
  name: guid(account.id, 'metadata')
  properties: {
    roleName: 'Adjutant metadata'
    type: 'CustomRole'
    assignableScopes: [account.id]
    permissions: [{ dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata'] }]
  }
}

resource metadataAccess 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(account.id, principalId, 'metadata')
  properties: { principalId: principalId, roleDefinitionId: metadata.id, scope: account.id }
}

// One after the other: Cosmos takes one change of its rights at a time.
@batchSize(1)
resource access 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = [
  for item in containers: {
    parent: account
    name: guid(account.id, principalId, item.name)
    properties: {
      principalId: principalId
      roleDefinitionId: item.name == 'audit' ? appendOnly.id : dataContributor
      scope: '${account.id}/dbs/${database.name}/colls/${item.name}'
    }
    dependsOn: [container, metadataAccess]
  }
]

output endpoint string = account.properties.documentEndpoint
