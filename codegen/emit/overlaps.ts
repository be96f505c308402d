import type { Overlap, Proof } from "../model.js";

/** The overlaps of a catalogue by the kind that owns the common names. */
export function overlapsByOwner(proof: Proof): ReadonlyMap<string, readonly Overlap[]> {
  const byOwner = new Map<string, Overlap[]>();
  for (const overlap of proof.overlaps) {
    const known = byOwner.get(overlap.owner);
    if (known === undefined) byOwner.set(overlap.owner, [overlap]);
    else known.push(overlap);
  }
  return byOwner;
}
