/** Whether a vector is nought, but for the rounding of doubles. */
export const isNothing = (vector: number[]): boolean => vector.every((x) => Math.abs(x) < 1e-6);

/** Row by row elimination: in how many dimensions some rows are, and what of a vector lies outside them. */
export function span(rows: number[][]): { rank: number; outside: (vector: number[]) => number[] } {
  const basis: { pivot: number; row: number[] }[] = [];
  const outside = (vector: number[]) =>
    basis.reduce((left, { pivot, row }) => {
      const times = left[pivot]! / row[pivot]!;
      return left.map((x, i) => x - times * row[i]!);
    }, vector);
  for (const row of rows) {
    const left = outside(row);
    const pivot = left.findIndex((x) => !isNothing([x]));
    if (pivot >= 0) basis.push({ pivot, row: left });
  }
  return { rank: basis.length, outside };
}
