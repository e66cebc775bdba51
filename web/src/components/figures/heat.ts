/** Grounds of heat map cells. Text in `--ink` stays readable on all of them in both themes: the mix ends at half. */

const MOST = 48;

const percent = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;

/** Blue to purple for a share between 0 and 1 of the largest; nothing for null. */
export function heat(share: number | null): string | undefined {
  if (share === null || !Number.isFinite(share)) return undefined;
  const colour = `color-mix(in oklab, var(--infer) ${percent(share)}%, var(--primary))`;
  return `color-mix(in srgb, ${colour} ${percent((4 + share * (MOST - 4)) / 100)}%, var(--surface))`;
}

/** Red below 1, green above it, white at 1: for a ratio, on a scale of doublings that ends at four times. */
export function ratioHeat(ratio: number | null): string | undefined {
  if (ratio === null || !Number.isFinite(ratio)) return undefined;
  const doublings = ratio <= 0 ? -2 : Math.max(-2, Math.min(2, Math.log2(ratio)));
  const strength = percent((Math.abs(doublings) / 2) * (MOST / 100));
  return `color-mix(in srgb, var(${doublings < 0 ? "--bad" : "--good"}) ${strength}%, var(--surface))`;
}
