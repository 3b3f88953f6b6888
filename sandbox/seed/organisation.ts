/** Alder & Finch, the invented company: the ids and keys that the stand-ins and the application's settings share. */
export const organisation = {
  workspace: 'alderfinch',
  name: 'Alder & Finch',
  domain: 'alderfinch.example',
  tenantId: '00000000-0000-4000-8000-0000000000a0',
  clientId: '00000000-0000-4000-8000-0000000000c1',
  clientSecret: 'sandbox-client-secret',
  /** The assistant's own WhatsApp number. */
  assistant: { phone: '+15550100000', lid: '314159265358979', name: 'Adjutant' },
  waha: { wahaSession: 'default', apiKey: 'sandbox-waha-key', hmacKey: 'sandbox-hmac-key' },
  cosmos: { database: 'adjutant', key: Buffer.from('sandbox-cosmos-key-of-32-bytes!!').toString('base64') },
} as const;
