// What is true today: the data the application keeps and the queue it rings by. The function app, Key Vault, PostgreSQL,
// WAHA and monitoring come with the infrastructure's own issue. Not compiled in CI: the Bicep compiler is not at hand there.
targetScope = 'resourceGroup'

@minLength(2)
@maxLength(12)
param workspace string
param location string = resourceGroup().location
@description('Object id of the user-assigned identity that the application runs as.')
param principalId string

var suffix = uniqueString(resourceGroup().id)

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: { accountName: 'cosmos-${workspace}-${suffix}', location: location, principalId: principalId }
}

module servicebus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: { namespaceName: 'sb-${workspace}-${suffix}', location: location, principalId: principalId }
}

output cosmosEndpoint string = cosmos.outputs.endpoint
output serviceBusNamespace string = servicebus.outputs.fullyQualifiedNamespace
