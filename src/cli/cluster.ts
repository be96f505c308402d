import { codeOf, messageOf } from "../errors.js";
import type { Cluster } from "../postgres/index.js";
import { CannotRun } from "./exit.js";

/** Where the URL of the database is, and the namespace if there is one: `ps` shows arguments to everybody. */
const URL_VARIABLE = "LOCK_CATALOGUE_CLUSTER";
const NAMESPACE_VARIABLE = "LOCK_CATALOGUE_NAMESPACE";

/** The help of the flag `--cluster`, on every command that has it. */
export const CLUSTER_HELP: string = `With --cluster, at the PostgreSQL database whose URL is in ${URL_VARIABLE}, in the
namespace of ${NAMESPACE_VARIABLE} if that is set.`;

/**
 * The locks of many hosts, as the environment says.
 *
 * @throws CannotRun if it does not say so, or not so that it can be understood.
 */
export async function openCluster(): Promise<Cluster> {
  const url = process.env[URL_VARIABLE];
  if (!url) {
    throw new CannotRun(
      `--cluster needs the URL of a database in ${URL_VARIABLE}, such as postgresql://user@host:5432/locks`,
    );
  }
  // Loaded here, as most commands need none of it.
  const { cluster } = await import("../postgres/index.js");
  try {
    return cluster(url, { namespace: process.env[NAMESPACE_VARIABLE] });
  } catch {
    throw new CannotRun(
      `${URL_VARIABLE} is no URL of PostgreSQL: write one such as postgresql://user@host:5432/locks`,
    );
  }
}

/** What the server, the driver or the network say is for users, as it stands. Errors of locks stay as they are. */
export function asCannotRun(error: unknown): unknown {
  if (String(codeOf(error)).startsWith("LOCK_")) return error;
  return new CannotRun(messageOf(error), { cause: error });
}
