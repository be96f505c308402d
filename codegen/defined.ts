/**
 * A value that is there for a reason that the compiler does not see: the index is one of the list, the template
 * was parsed with these parameters. A default in its place would be made up, and a proof would go wrong in silence.
 */
export function defined<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) {
    throw new Error("a value that is always there is missing: please report this as a bug");
  }
  return value;
}
