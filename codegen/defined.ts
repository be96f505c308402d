/**
 * A value that is there for a reason which the compiler does not see: the index is one of the list, the template
 * was parsed with these parameters. A default in its place would be made up, and a proof go wrong in silence.
 */
export function defined<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) {
    throw new Error("a value is missing where there always is one: please report this as a bug");
  }
  return value;
}
