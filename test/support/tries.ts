/** Whether the `flock` program takes the locks: `npm run test:program`. */
const areSlow = process.env["LOCK_CATALOGUE_FLOCK"] === "program";

/** How often to take a lock: as often as is said, or a fifth of that where each try starts a program. */
export function tries(many: number): number {
  return areSlow ? many / 5 : many;
}
