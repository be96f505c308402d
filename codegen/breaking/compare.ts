import { languagesOf } from "../automata/languages.js";
import type { CatalogueSpec, Proof } from "../model.js";
import type { Finding } from "./finding.js";
import { kindFindings, removedFindings } from "./kinds.js";
import { lockOrderFindings } from "./lock-order.js";
import { ownershipFindings } from "./ownership.js";
import { pairKinds } from "./pairing.js";
import { parameterFindings } from "./parameters.js";
import { Program } from "./program.js";

/** A catalogue whose proof holds. */
export interface Proven {
  readonly spec: CatalogueSpec;
  readonly proof: Proof;
}

/**
 * What breaks while programs with the old catalogue and programs with the new one share a lock
 * directory, as they do during a rolling deployment. In the order of the new spec.
 *
 * Whether names have changed is decided on the languages of the kinds, not on their text: a pattern
 * that is written differently and matches the same is no change. Descriptions, examples and where the
 * code is generated play no part.
 */
export function compare(before: Proven, after: Proven): readonly Finding[] {
  const languages = languagesOf(before.spec, after.spec);
  const old = new Program(before.spec, before.proof, languages);
  const now = new Program(after.spec, after.proof, languages);
  const pairing = pairKinds(before.spec, after.spec);
  const findings = [
    ...catalogueFindings(old, now),
    ...removedFindings(pairing.removed, old, now),
    ...kindFindings(pairing.pairs, old, now),
    ...parameterFindings(pairing.pairs, old, now),
    ...lockOrderFindings(pairing.pairs, old, now),
    ...ownershipFindings(pairing, old, now),
  ];
  return findings.sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
}

function catalogueFindings({ spec: before }: Program, { spec: after }: Program): Finding[] {
  if (before.name === after.name) return [];
  return [
    {
      rule: "catalogue-renamed",
      kinds: [],
      message: `the catalogue ${before.name} is called ${after.name} now`,
      witness: null,
      place: after.namePlace,
      oldPlace: before.namePlace,
    },
  ];
}
