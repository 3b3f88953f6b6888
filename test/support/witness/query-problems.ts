import type { Contract } from '../contracts.ts';
import type { Operation } from './vendor-document.ts';

/** Parameters of a query that the document does not know, that are of another type, or that are missing. */
export function queryProblems(contract: Contract, { parameters }: Operation, query: URLSearchParams): string[] {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const given = [...query].flatMap(([name, text]) => {
    const parameter = known.find((one) => one.name === name);
    if (!parameter) return [`?${name} is not known`];
    if (parameter.schema === undefined) return [];
    const errors = contract.errorsAt(parameter.place, valueOf(text, parameter.schema));
    return errors.map(({ message }) => `?${name} ${message ?? ''}`);
  });
  const missing = known
    .filter(({ name, required }) => required === true && !query.has(name))
    .map(({ name }) => `?${name} is missing`);
  return [...given, ...missing];
}

/** As the vendor reads the text; what cannot be read stays a text, for the validator to refuse. */
function valueOf(text: string, schema: unknown): unknown {
  const { type } = schema as { type?: string };
  if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
