// A row of the table: one thing of ours beside another. Everywhere the ratio is ours / theirs, and so is the figure.

/**
 * @param about `what` is compared `to` what, and in which `unit`; a `note`; and what bounds there are: `ratioAtMost`,
 *   `ratioAtLeast`, `figureAtMost`, and `bounds` of its own.
 * @param ours, theirs a value of each turn.
 */
export function row(about, ours, theirs) {
  // Of each turn by itself: whatever slows the machine down for a while slows both.
  const ratio = median(ours.map((value, turn) => value / theirs[turn]));
  return rowOf(about, ratio, [median(ours), median(theirs)]);
}

/** The same for a percentile: what is rare in one turn has no counterpart in that turn of the other. */
export function percentileRow(about, percent, ours, theirs) {
  const figures = [percentile(ours, percent), percentile(theirs, percent)];
  return rowOf(about, figures[0] / figures[1], figures);
}

/** A row for what cannot be measured here. */
export function missingRow({ what, to }, missing) {
  return { what, to, note: missing };
}

/** Whether a bound of the row does not hold. */
export function isMissed({ bounds = [] }) {
  return bounds.some(
    ({ value, least = -Infinity, most = Infinity }) => !(value >= least && value <= most),
  );
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** As many digits as mean something. */
export function digits(value) {
  if (value === 0 || value >= 100) return Math.round(value).toLocaleString("en");
  return value.toPrecision(value < 1 ? 2 : 3);
}

function rowOf(about, ratio, figures) {
  const { what, to, unit, note, ratioAtMost, ratioAtLeast, figureAtMost, bounds = [] } = about;
  const all = [
    { value: ratio, most: ratioAtMost },
    { value: ratio, least: ratioAtLeast },
    { value: figures[0], most: figureAtMost, unit: ` ${unit}` },
    ...bounds,
  ].filter(({ least, most }) => (least ?? most) !== undefined);
  return {
    what,
    ratio: digits(ratio),
    to,
    figure: `${figures.map(digits).join(" / ")} ${unit}`,
    note,
    bounds: all,
  };
}

/** The smallest of the values that so many percent do not exceed. */
function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}
