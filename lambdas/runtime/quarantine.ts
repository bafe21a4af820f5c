/** Tags that say so: `quarantined-<digest>-<number>`, and `quarantine-lifted-<digest>-<number>` when it was taken back. */
const MARK = "quarantined-";
const LIFTED = "quarantine-lifted-";

/** Tags are added and never taken away: an image is in quarantine while more marks than lifts are on it. Pure. */
export function inQuarantine(tags: string[]): boolean {
  const count = (prefix: string) => tags.filter((tag) => tag.startsWith(prefix)).length;
  return count(MARK) > count(LIFTED);
}

/** The next mark for an image, and the lift that takes it back. A tag names one image, so the digest is in it. Pure. */
export function nextMark(digest: string, tags: string[]): { mark: string; lift: string } {
  const number = tags.filter((tag) => tag.startsWith(MARK)).length + 1;
  const end = `${digest.replace(/^sha256:/, "").slice(0, 16)}-${number}`;
  return { mark: MARK + end, lift: LIFTED + end };
}
