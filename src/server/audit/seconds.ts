/** How long ago that was, in seconds with three decimals. @param since milliseconds since 1970. */
export function secondsSince(since: number): number {
  return (Date.now() - since) / 1000;
}
