/** Where a kind stands in the order in which its catalogue says that locks are taken. */
export interface LockOrder {
  /** Name of the catalogue: kinds of different catalogues have no order. */
  readonly catalogue: string;
  /** How many kinds stand before it in the longest chain that leads to it: a lower rank is taken first. */
  readonly rank: number;
  /** Names of the kinds that it is declared to be taken before. */
  readonly before: readonly string[];
  /** Where that is declared: the spec, and the path of keys in it. */
  readonly place: string;
}
