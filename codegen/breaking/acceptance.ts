import type { Acceptance, Problem } from "../model.js";
import type { Finding } from "./finding.js";

/** A finding that the new spec accepts, and why. */
export interface Accepted {
  readonly finding: Finding;
  readonly acceptance: Acceptance;
}

/** Findings, and what the new spec says of them. */
export interface Sorted {
  /** What nobody has accepted. */
  readonly open: readonly Finding[];
  readonly accepted: readonly Accepted[];
  /** Acceptances of nothing: what they were for is no longer found. */
  readonly unmatched: readonly Problem[];
}

/** Tells the findings that a spec accepts from the others. */
export function sortOut(findings: readonly Finding[], acceptances: readonly Acceptance[]): Sorted {
  const pairs = findings.map((finding) => ({
    finding,
    acceptance: acceptances.find((one) => accepts(one, finding)),
  }));
  return {
    open: pairs.flatMap(({ finding, acceptance }) => (acceptance === undefined ? [finding] : [])),
    accepted: pairs.flatMap(({ finding, acceptance }) =>
      acceptance === undefined ? [] : [{ finding, acceptance }],
    ),
    unmatched: acceptances
      .filter((one) => !findings.some((finding) => accepts(one, finding)))
      .map(unmatched),
  };
}

function accepts({ rule, kinds, parameter }: Acceptance, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    kinds.every((kind) => finding.kinds.includes(kind)) &&
    (parameter === null || parameter === finding.parameter)
  );
}

function unmatched({ rule, kinds, parameter, place }: Acceptance): Problem {
  const about = [...kinds, ...(parameter === null ? [] : [parameter])].join(" and ");
  const what = about === "" ? rule : `${rule} of ${about}`;
  return { place, message: `warning: there is no ${what} to accept any more: remove this` };
}
