// One queue of bells, without sessions and without duplicate detection: the conversation's documents say what is due.
@description('Name of the namespace; unique in Azure.')
param namespaceName string
param location string = resourceGroup().location
@description('Object id of the identity that the application runs as.')
param principalId string

// Azure Service Bus Data Owner: it sends and receives, and the host counts what waits, by which it scales the trigger. That
// count asks for the right to manage, which Data Sender and Data Receiver do not give; so it is for the one queue alone.
var dataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  sku: { name: 'Standard', tier: 'Standard' }
  // The tier Standard knows no private endpoints: who comes needs a token, for there are no keys; and a bell holds ids alone.
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

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: bells
  name: guid(bells.id, principalId, dataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
  }
}

output fullyQualifiedNamespace string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
