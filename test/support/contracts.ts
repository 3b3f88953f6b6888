import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type AnySchema, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const asked = resolve(process.env['CONTRACTS_DIR'] ?? '../shared/contracts');

/** The folder of the vendors' own documents; undefined where it is not there: such tests then skip. */
export const contractsDirectory: string | undefined = existsSync(asked) ? asked : undefined;

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, AnySchema>> };
}

export interface Contract {
  readonly document: OpenApi;
  /** What is wrong with a value by the schema of that name; empty where nothing is. */
  problems(schema: string, value: unknown): string[];
  /** What the validator says of a value by the schema that stands at these keys of the document. */
  errorsAt(keys: readonly string[], value: unknown): readonly ErrorObject[];
}

/** `mend` may correct what no validator reads, as `required: true` on a property. */
export function loadContract(file: string, mend: (document: OpenApi) => OpenApi = (document) => document): Contract {
  if (contractsDirectory === undefined) throw new Error(`No folder of contracts: ${asked}`);
  const document = mend(JSON.parse(readFileSync(join(contractsDirectory, file), 'utf8')) as OpenApi);
  // Vendors use formats of their own (`int16`, `decimal`): what no validator knows is passed over in silence.
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  // OData's TimeOfDay has no offset, where RFC 3339 wants one.
  ajv.addFormat('time', /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i);
  ajv.addSchema(document, 'contract');
  const pointerOf = (keys: readonly string[]) =>
    keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  return {
    document,
    errorsAt(keys, value) {
      const validate = ajv.getSchema(`contract#${pointerOf(keys)}`);
      if (!validate) throw new Error(`${file} has no schema at ${keys.join(' ')}`);
      return validate(value) ? [] : (validate.errors ?? []);
    },
    problems(schema, value) {
      const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
      if (!validate) throw new Error(`${file} has no schema '${schema}'`);
      return validate(value)
        ? []
        : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
    },
  };
}
