/** A price as typed, in whole yen; null for anything else. Full-width digits and separators are fine. */
export function wholeYen(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[,\s¥円]/g, "");
  if (!/^\d{1,11}$/.test(plain)) return null;
  return Number(plain);
}

/** The maker's part, rounded down to a yen, and what remains for the platform. */
export function share(price_yen: number, basisPoints: number): { yours: number; platform: number } {
  const yours = Math.floor((price_yen * basisPoints) / 10_000);
  return { yours, platform: price_yen - yours };
}
