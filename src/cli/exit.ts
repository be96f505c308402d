/** The exit codes of every command. */
export const EXIT = {
  fine: 0,
  /** Something differs, or is not valid. */
  different: 1,
  couldNotRun: 2,
} as const;
