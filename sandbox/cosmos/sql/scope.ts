import type { Json, Value } from '../json.ts';
import type { AggregateName } from './aggregates.ts';
import type { TokenReader } from './reader.ts';

/** The values of the aliases of FROM, by their slots. */
export type Row = readonly Value[];
export type Expression = (row: Row) => Value;

export interface Aggregate {
  readonly name: AggregateName;
  readonly argument: Expression;
}

export interface Scope {
  readonly reader: TokenReader;
  readonly parameters: ReadonlyMap<string, Json>;
  /** The slot of each alias of FROM. */
  readonly aliases: ReadonlyMap<string, number>;
  /** Where aggregates may stand they are collected here; their results stand in the slots after the aliases. */
  readonly aggregates: Aggregate[] | undefined;
  /** Reads one whole expression: what stands in brackets may be anything. */
  readonly parse: (scope: Scope) => Expression;
}
