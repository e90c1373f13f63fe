/* The shapes beside a resident's answers, the same on the screen and on the printed show card. */

/** One stroke of a shape, as SVG has paths. filled: in the shape's own colour; cut: in that of the ground; dashed: an open edge. */
type Stroke = { path: string; how: 'line' | 'filled' | 'cut' | 'dashed' };
/** In a square of so many units. height: where on the scale, which gives the colour; null: beside the scale. */
export type Shape = { height: 'low' | 'middle' | 'high' | null; size: number; strokes: Stroke[] };

const few: Record<'low' | 'middle' | 'high', Stroke[]> = {
  low: [
    { path: 'M6 6h36v36H6z', how: 'filled' },
    { path: 'M15 24h18', how: 'cut' },
  ],
  middle: [
    { path: 'M24 3v42L3 24z', how: 'filled' },
    { path: 'M24 3 45 24 24 45 3 24z', how: 'line' },
  ],
  high: [
    { path: 'M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40z', how: 'filled' },
    { path: 'm15 25 6 7 13-15', how: 'cut' },
  ],
};

/** Of up to three answers, a shape each; of more, as many filled dots as the answer is high. */
export function shapeOf(i: number, count: number): Shape {
  const height = i === 0 ? 'low' : i === count - 1 ? 'high' : 'middle';
  if (count <= 3) return { height, size: 48, strokes: few[height] };
  const strokes = Array.from({ length: count }, (_, j): Stroke => {
    const [x, y] = [8 + 16 * (j % 3), 8 + 16 * Math.floor(j / 3)];
    return { path: `M${x - 6} ${y}a6 6 0 1 1 12 0 6 6 0 0 1-12 0z`, how: j <= i ? 'filled' : 'line' };
  });
  return { height, size: count > 9 ? 64 : 48, strokes };
}

/** Of an answer beside the scale: "don't know" and the like. */
export const beside: Shape = {
  height: null,
  size: 48,
  strokes: [
    { path: 'M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40z', how: 'dashed' },
    { path: 'M18 19c0-8 13-8 13 0 0 5-7 5-7 10m0 5v2', how: 'line' },
  ],
};
