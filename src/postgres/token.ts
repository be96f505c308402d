import type { Session } from "./session.js";

/**
 * A number that is greater than those of all holders before: the place in the server's log of a message that is written
 * for it, below the timeline. A sequence or the place alone goes back at a failover that loses the end of the log, but
 * the timeline rises.
 *
 * @param name What the message says, for people who read the log.
 * @throws RangeError if it would exceed a bigint of PostgreSQL.
 */
export async function tokenOf(session: Session, name: string): Promise<bigint> {
  const [row] = await session.run(
    "SELECT lsn::text, pg_catalog.substr(pg_catalog.pg_walfile_name(lsn), 1, 8) AS timeline " +
      `FROM pg_catalog.pg_logical_emit_message(true, 'lock-catalogue', ${quote(name)}) AS lsn`,
  );
  return tokenFrom(String(row?.["timeline"]), String(row?.["lsn"]));
}

/**
 * @param timeline In hexadecimal.
 * @param lsn As `16/B374D848`: two halves in hexadecimal.
 */
export function tokenFrom(timeline: string, lsn: string): bigint {
  const [high = "", low = ""] = lsn.split("/");
  const place = (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
  // Messages start at multiples of 8 bytes.
  const token = (BigInt(`0x${timeline}`) << PLACE_BITS) | (place >> 3n);
  if (place >> 3n >= 1n << PLACE_BITS || token >= 1n << 63n) {
    throw new RangeError(
      `timeline ${timeline} and log position ${lsn} of this server are too great for a token, which is a bigint of PostgreSQL`,
    );
  }
  return token;
}

const PLACE_BITS = 51n;

/** A text as an SQL literal, whatever standard_conforming_strings says. */
export function quote(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return escaped.includes("\\") ? `E'${escaped.replaceAll("\\", "\\\\")}'` : `'${escaped}'`;
}
