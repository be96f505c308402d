/** For how long (ms) the event loop of this process stops at most, from now on. @returns what ends that, and tells. */
export function longestStop() {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const looks = setInterval(look, 1);
  return () => {
    look();
    clearInterval(looks);
    return longest;
  };
}
