/** A command cannot do what it was asked to; the message says why, and what to do about it. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
}

/** What an error says; a module of the user's may throw anything. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
