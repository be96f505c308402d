import path from "node:path";
import type { CatalogueSpec, Kind } from "../model.js";
import { specLabel } from "./header.js";

/** What the runtime knows of a kind's place in the order of locks. */
export interface LockOrder {
  readonly catalogue: string;
  readonly rank: number;
  readonly before: readonly string[];
  readonly place: string;
}

/**
 * Where a kind stands in the order of locks; `null` if its catalogue declares none. Its place in the spec is a path of
 * keys and no line, which every kind above it would change.
 */
export function lockOrderOf({ name, rank, before }: Kind, spec: CatalogueSpec): LockOrder | null {
  if (rank === null) return null;
  const keys = ["locks", name, ...(before.length > 0 ? ["before"] : [])].join(".");
  return {
    catalogue: spec.name,
    rank,
    before: before.map((other) => other.name),
    place: `${specLabel(path.basename(spec.source.file))}: ${keys}`,
  };
}
