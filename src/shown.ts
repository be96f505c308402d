/** A path as messages show it: as it is, unless it holds characters that would garble a log or a terminal. */
export function shown(path: string): string {
  if (!/\p{Cc}/u.test(path)) return path;
  const quoted = JSON.stringify(path);
  return quoted.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}
