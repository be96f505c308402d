import { InvalidArgumentError } from "commander";

/**
 * A duration as people write it, in ms: a number and a unit, such as `500ms`, `1.5s`, `5m` or `2h`. A
 * number alone is refused, as nobody can tell whether it means seconds or milliseconds.
 *
 * @throws InvalidArgumentError, which commander prints with the flag.
 */
export function parseDuration(text: string): number {
  const { number, unit = "" } =
    /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/u.exec(text)?.groups ?? {};
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError("Write a number with its unit: 500ms, 30s, 5m or 2h.");
  }
  return Number(number) * factor;
}

/** A duration for people, in its two largest units: `2d 4h`, `5m 12s`, `0s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    `${Math.floor(seconds / 86_400)}d`,
    `${Math.floor(seconds / 3600) % 24}h`,
    `${Math.floor(seconds / 60) % 60}m`,
    `${seconds % 60}s`,
  ];
  const first = parts.findIndex((part) => !part.startsWith("0"));
  return parts
    .slice(first === -1 ? -1 : first)
    .slice(0, 2)
    .join(" ");
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
