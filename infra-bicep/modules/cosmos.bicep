// The system of record: one database, its containers as the application names them.
@description('Name of the account; unique in Azure.')
param accountName string
param location string = resourceGroup().location
@description('Object id of the identity that the application runs as.')
param principalId string

var containers = [
  { name: 'conversations', partitionKey: '/conversationId', indexed: ['/dueAt/?', '/type/?'] }
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

// Data plane rights are Cosmos' own, not Azure's: read and write documents, nothing else.
resource access 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(account.id, principalId, 'data-contributor')
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: account.id
  }
}

output endpoint string = account.properties.documentEndpoint
