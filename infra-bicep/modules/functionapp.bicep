// The application: Flex Consumption, one app a plan, run from the package in a blob container, by a user-assigned identity.
@description('Name of the app; unique in Azure.')
param appName string
@description('Name of the storage account of the host; unique in Azure, 3 to 24 of a-z and 0-9.')
param storageName string
param location string = resourceGroup().location
@description('Resource id, client id and object id of the identity that the application runs as.')
param identityId string
param identityClientId string
param principalId string
@description('Address of the Key Vault, with its slash at the end.')
param vaultUri string
param cosmosEndpoint string
param serviceBusNamespace string
@description('What the organisation decides: README says what each is. None of it is a secret.')
param settings {
  WORKSPACE: string
  ORGANISATION_NAME: string
  ALLOWED_EMAIL_DOMAINS: string
  WAHA_URL: string
  WAHA_SESSION: string
  WAHA_ACCOUNT_PHONE: string
  ENTRA_CLIENT_ID: string
  OPENAI_MODEL: string
}
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

// Each is a secret of the vault under the same name with - for _: ORGANISATION_KEY is ORGANISATION-KEY.
var secrets = ['DATABASE_URL', 'WAHA_API_KEY', 'WAHA_HMAC_KEYS', 'OPENAI_API_KEY', 'ORGANISATION_KEY', 'BLIND_INDEX_KEY']
var references = toObject(
  secrets,
  name => name,
  name => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(name, '_', '-')})'
)

var hostSettings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // No longer body is read, or given to a function.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '4194304'
  SERVICE_BUS__fullyQualifiedNamespace: serviceBusNamespace
  SERVICE_BUS__credential: 'managedidentity'
  SERVICE_BUS__clientId: identityClientId
}

var ownSettings = {
  PUBLIC_URL: 'https://${appName}.azurewebsites.net'
  COSMOS_ENDPOINT: cosmosEndpoint
  ENTRA_TENANT_ID: subscription().tenantId
  MANAGED_IDENTITY_CLIENT_ID: identityClientId
}

// Storage Blob Data Owner, on the whole account: the host makes containers of its own there, for its locks, its keys and the
// state of timers, and no lesser role is enough for that by Microsoft's word. The package lies in the same account, because
// the platform puts what is deployed there as this very identity, which therefore writes it: a role to read would end every
// deployment, and a second identity would be no other hand, for the app may act as any that it has. So code that runs here
// could replace the package. Nothing but the application has this identity, and the hash of the zip says what is to run.
var blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: storageName
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // As with Cosmos: without a virtual network there is no address to let in, and deployments come from the platform's own.
    publicNetworkAccess: 'Enabled'
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: storage
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'packages'
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, principalId, blobOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobOwner)
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${appName}'
  location: location
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: appName
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // By whom the references to Key Vault are resolved: there is no other identity.
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packages.name}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB, maximumInstanceCount: maximumInstanceCount }
    }
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
  }
  dependsOn: [access]
}

// Deployments come with a token of Entra: no password of the platform's own opens the app.
resource basicPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = [
  for name in ['scm', 'ftp']: {
    parent: app
    name: name
    properties: { allow: false }
  }
]

// Replaces all settings of the app: what is not named here is gone.
resource appSettings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union(settings, ownSettings, hostSettings, references)
}

output host string = app.properties.defaultHostName
