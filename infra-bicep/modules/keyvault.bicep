// The secrets of the application. It reads none itself: the app settings are references, which the platform resolves.
@description('Name of the vault; unique in Azure.')
param vaultName string
param location string = resourceGroup().location
@description('Object id of the identity that the application runs as.')
param principalId string

// Key Vault Secrets User: reads secrets, and can neither list keys nor write anything.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

// ORGANISATION-KEY wraps every data key: whoever loses it loses what people wrote. So nothing here can be purged.
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    // References of a Flex Consumption app do not reach a vault that is restricted to networks.
    publicNetworkAccess: 'Enabled'
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, secretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

output vaultUri string = vault.properties.vaultUri
