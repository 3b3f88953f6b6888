// One queue of bells, without sessions and without duplicate detection: the conversation's documents say what is due.
@description('Name of the namespace; unique in Azure.')
param namespaceName string
param location string = resourceGroup().location
@description('Object id of the identity that the application runs as.')
param principalId string

// Azure Service Bus Data Sender and Data Receiver; docs/operations.md says what Data Owner would add.
var roles = ['69a216fc-b8fb-44d8-bc22-1f3c2cd27a39', '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0']

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  sku: { name: 'Standard', tier: 'Standard' }
  properties: { disableLocalAuth: true, minimumTlsVersion: '1.2' }
}

resource bells 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'bells'
  properties: {
    lockDuration: 'PT30S'
    maxDeliveryCount: 100
    defaultMessageTimeToLive: 'P1D'
    requiresSession: false
    requiresDuplicateDetection: false
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    scope: namespace
    name: guid(namespace.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

output fullyQualifiedNamespace string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
