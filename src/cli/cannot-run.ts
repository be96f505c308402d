/** A command cannot do what it was asked to; the message says why, and what to do about it. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
}
