/** One measured figure; `most` must not be exceeded, `least` must be reached. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  most?: number;
  least?: number;
}

/** The value below which the share `part` (0 to 1) of the sample lies. */
export function percentile(sample: number[], part: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (sample: number[]): number => percentile(sample, 0.5);

/** Prints the figures, and makes the process fail when one is over its limit. */
export function report(figures: Figure[]): void {
  for (const { what, value, unit, most, least } of figures) {
    const limit = [
      most === undefined ? '' : `  (at most ${most}${value > most ? ': TOO MUCH' : ''})`,
      least === undefined ? '' : `  (at least ${least}${value < least ? ': TOO LITTLE' : ''})`,
    ].join('');
    console.log(`${what.padEnd(56)} ${value.toFixed(2).padStart(10)} ${unit}${limit}`);
  }
  const failed = figures.some(
    ({ value, most, least }) =>
      (most !== undefined && !(value <= most)) || (least !== undefined && !(value >= least)),
  );
  if (failed) process.exitCode = 1;
}
