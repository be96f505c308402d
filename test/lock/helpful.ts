import { expect } from "vitest";
import type { Outcome } from "../support/child.js";

/** What an error about a lock must say. */
export interface Help {
  readonly name: string;
  readonly code: string;
  /** The lock file. */
  readonly path: string;
  /** The lock file as the message names it, where it cannot do so by its path. */
  readonly file?: string;
  /** Kind and parameters, as in the message. */
  readonly lock: string;
  /** What the message says beside the lock and its file: the reason, and what to do. */
  readonly says: readonly RegExp[];
}

/** That an error can end a support ticket: which lock, which file, why, what to do; never "delete the file". */
export function expectHelpful(
  error: unknown,
  { name, code, path, file = path, lock, says }: Help,
): void {
  expect(error).toMatchObject({ name, code, path });
  const message = messageOf(error);
  for (const part of [file, lock]) expect(message).toContain(part);
  for (const sentence of says) expect(message).toMatch(sentence);
  expect(message).not.toMatch(DANGEROUS);
}

/** Every one of these on a lock file that is in use gives the lock to two holders. */
export const DANGEROUS: RegExp = /delete|remove|unlink|\brm\b/i;

function messageOf(error: unknown): string {
  return (error as Outcome).message ?? "";
}
