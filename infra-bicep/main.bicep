// What is true today: the application, its secrets, the data it keeps and the queue it rings by. PostgreSQL, WAHA, the app
// registration and monitoring come with the infrastructure's own issue. Not compiled in CI: the Bicep compiler is not at hand
// there; test/infra-bicep reads these files.
targetScope = 'resourceGroup'

@minLength(2)
@maxLength(12)
param workspace string
param location string = resourceGroup().location
@description('Name of the user-assigned identity, in this resource group, that the application runs as.')
param identityName string
param organisationName string
@description('Comma-separated: whose accounts may be linked.')
param allowedEmailDomains string
@description('Id of the app registration.')
param entraClientId string
param wahaUrl string
param wahaSession string = 'default'
@description('Number of the assistant itself, E.164.')
param wahaAccountPhone string
param openaiModel string

var suffix = uniqueString(resourceGroup().id)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: {
    accountName: 'cosmos-${workspace}-${suffix}'
    location: location
    principalId: identity.properties.principalId
  }
}

module servicebus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: {
    namespaceName: 'sb-${workspace}-${suffix}'
    location: location
    principalId: identity.properties.principalId
  }
}

// A vault's name has 24 characters at most, as a storage account's has.
module keyvault 'modules/keyvault.bicep' = {
  name: 'keyvault'
  params: {
    vaultName: 'kv-${take(replace(workspace, '-', ''), 7)}-${suffix}'
    location: location
    principalId: identity.properties.principalId
  }
}

module functionapp 'modules/functionapp.bicep' = {
  name: 'functionapp'
  params: {
    appName: 'func-${workspace}-${suffix}'
    storageName: 'st${take(replace(workspace, '-', ''), 9)}${suffix}'
    location: location
    identityId: identity.id
    identityClientId: identity.properties.clientId
    principalId: identity.properties.principalId
    vaultUri: keyvault.outputs.vaultUri
    cosmosEndpoint: cosmos.outputs.endpoint
    serviceBusNamespace: servicebus.outputs.fullyQualifiedNamespace
    settings: {
      WORKSPACE: workspace
      ORGANISATION_NAME: organisationName
      ALLOWED_EMAIL_DOMAINS: allowedEmailDomains
      WAHA_URL: wahaUrl
      WAHA_SESSION: wahaSession
      WAHA_ACCOUNT_PHONE: wahaAccountPhone
      ENTRA_CLIENT_ID: entraClientId
      OPENAI_MODEL: openaiModel
    }
  }
}

output cosmosEndpoint string = cosmos.outputs.endpoint
output serviceBusNamespace string = servicebus.outputs.fullyQualifiedNamespace
output vaultUri string = keyvault.outputs.vaultUri
output publicUrl string = 'https://${functionapp.outputs.host}'
