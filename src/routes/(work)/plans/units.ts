import type { TreeUnit } from '#server/units.ts';

/** The codes from the top down to each unit, by its code. Parents stand before children in a tree. */
export function pathsOf(tree: TreeUnit[]): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { code, parent } of tree)
    paths.set(code, [...((parent !== null && paths.get(parent)) || []), code]);
  return paths;
}
