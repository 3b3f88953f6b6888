import { loadContract, type OpenApi } from '../contracts.ts';
import { withCorrections, withoutContradictions } from './correct-document.ts';
import { errorProblemsOf } from './error-bodies.ts';
import type { DocumentedVendor } from './exchanges.ts';
import { withSupplements } from './supplements.ts';
import { readVendorDocument, type VendorDocument } from './vendor-document.ts';

/** How one vendor's document is to be read. */
export interface VendorRules {
  readonly document: VendorDocument;
  /** What is wrong with an error that the document leaves out; undefined where nobody knows such an error. */
  errorProblems(status: number, body: string): string[] | undefined;
}

const files: Readonly<Record<DocumentedVendor, { file: string; prefix: string }>> = {
  waha: { file: 'waha.openapi.json', prefix: '' },
  msgraph: { file: 'msgraph-subset.openapi.json', prefix: '/v1.0' },
  openai: { file: 'openai-subset.openapi.json', prefix: '/v1' },
};

export function loadVendorRules(vendor: DocumentedVendor): VendorRules {
  const { file, prefix } = files[vendor];
  const contract = loadContract(file, (document) => {
    const consistent = vendor === 'waha' ? (withoutContradictions(document) as OpenApi) : document;
    return withSupplements(vendor, withCorrections(vendor, consistent));
  });
  return {
    document: readVendorDocument(contract, prefix),
    errorProblems: (status, body) => errorProblemsOf(vendor, contract, { status, body }),
  };
}
