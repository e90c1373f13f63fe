import type { Kind } from '#domain/point.ts';
import { m } from '#messages';

export const kindWords: Record<Kind, () => string> = { keep: m.point_keep, improve: m.point_improve };
