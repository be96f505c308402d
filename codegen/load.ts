import type { CatalogueSpec, Problem, Proof, Source } from "./model.js";
import { prove } from "./prove/index.js";
import { read } from "./read.js";
import { inOrder, validate } from "./validate.js";

/** A spec with its proof; or all that is wrong with it. */
export type Loaded =
  | { readonly spec: CatalogueSpec; readonly proof: Proof; readonly problems: readonly [] }
  | { readonly spec: null; readonly proof: null; readonly problems: readonly Problem[] };

/** Reads, validates and proves the text of a spec. */
export function load(source: Source): Loaded {
  const { spec, problems } = validate(read(source));
  if (spec === null) return { spec, proof: null, problems };
  const proof = prove(spec);
  if (proof.problems.length === 0) return { spec, proof, problems: [] };
  return { spec: null, proof: null, problems: inOrder(proof.problems) };
}
