const OLDEST = 24;

/** What to tell somebody whose Node is too old for the package; `undefined` when it is not. */
export function complaintAbout(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST) return undefined;
  return `sallyport needs Node ${OLDEST} or newer, and this is ${version}. In a project, npm install node@${OLDEST} brings it.`;
}
