import { codeOf, LockServerUnsuitable, messageOf, nameOf } from "../errors.js";

/** A lock, as messages name it. */
interface Subject {
  readonly filename: string;
  toString(): string;
}

/** What is wrong with a server, so that its locks would exclude nobody for certain. */
export class Unsuitable extends Error {}

/**
 * Makes an error of the server, the driver or the network say which lock it is about, at which server, and what to do;
 * and have the path of the lock file. It stays the error that it is, with its class and code.
 */
export function explainTrouble(file: Subject, server: string, error: unknown): unknown {
  const { filename: path } = file;
  if (error instanceof Unsuitable) {
    const message = `${file} cannot be had at ${server}: ${error.message}.`;
    return new LockServerUnsuitable(message, path, error.cause);
  }
  if (typeof error !== "object" || error === null || "path" in error) return error;
  if (nameOf(error) === "RangeError") return error;
  // Node.js tries each address of a name, and says nothing itself if all fail.
  const reasons =
    "errors" in error && Array.isArray(error.errors) ? error.errors.map(messageOf) : [];
  const said = messageOf(error) || reasons.join("; ");
  const remedy = REMEDIES[codeOf(error) ?? ""];
  const message = `${file} cannot be had at ${server}: ${said}.${remedy === undefined ? "" : ` ${remedy}`}`;
  // A copy, as the failure of one session may end the acquires of many locks.
  const own: Error = Object.create(Object.getPrototypeOf(error), {
    ...Object.getOwnPropertyDescriptors(error),
    message: { value: message, configurable: true, writable: true },
    path: { value: path, enumerable: true },
  });
  Error.captureStackTrace(own);
  return own;
}

const REMEDIES: Readonly<Record<string, string>> = {
  "28P01": "Check the user and the password of the URL.",
  "28000": "Check the user of the URL, and the server's pg_hba.conf.",
  "3D000": "Create the database, or correct the URL: all programs must use the same one.",
  "42501": "The role lacks a right that every role has unless it was revoked.",
  "53200":
    "The server's lock table is full: find who holds so many locks (SELECT pid, count(*) FROM pg_locks GROUP BY pid), or raise max_locks_per_transaction.",
  "53300": "Raise max_connections, or have fewer programs or a smaller { waits }.",
  "57P03": "The server starts or stops just now: try again.",
  ECONNREFUSED: "See whether the server runs there.",
  ENOENT: "See whether the server runs, and has its socket there.",
  ENOTFOUND: "Correct the host of the URL.",
  ETIMEDOUT: "See whether the network and the server are up.",
};
