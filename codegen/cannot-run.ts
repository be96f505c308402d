/**
 * The generator could not do its work, for a reason outside of the spec; the message says what to
 * do.
 */
export class CannotRun extends Error {
  /** Name of the class. */
  override readonly name = "CannotRun";
}
