import { createCosmosCatchUpMark } from '../../shared/adapters/cosmos/catch-up-mark.ts';
import {
  createCosmosAudit,
  createCosmosIdentities,
  createCosmosPeople,
  createCosmosSignIns,
  createCosmosWrappedKeys,
} from '../../shared/adapters/cosmos/people.ts';
import { startCosmos } from '../support/cosmos.ts';

/** The smaller stores in Cosmos, for the contracts of their ports. */
export async function startCosmosStores() {
  const { cosmos, context } = await startCosmos();
  return {
    context,
    cosmos,
    identities: createCosmosIdentities(cosmos),
    people: createCosmosPeople(cosmos),
    signIns: createCosmosSignIns(cosmos),
    wrappedKeys: createCosmosWrappedKeys(cosmos),
    audit: createCosmosAudit(cosmos),
    catchUpMarkOf: (workspace: string) => createCosmosCatchUpMark(cosmos, workspace),
  };
}
