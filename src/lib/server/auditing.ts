import type { Finding, Rule } from '#domain/audit-finding.ts';
import { search, type Searched } from '#domain/audit-search.ts';
import { tables } from '#domain/audit-tables.ts';
import * as Release from '#domain/release.ts';
import { solver } from '#server/solver.ts';

/** How long the search may take: 2,000 units with breakdowns need a part of it. */
const SECONDS = 120;

/** After these a file is no release that can be searched. */
const frame: Rule[] = ['shape', 'tree', 'definitions', 'unknown'];

/** What the auditor says of a file: faults by its rules, and what its search found; null: there is nothing to search. */
type Judgement = { findings: Finding[]; searched: Searched | null };

/** The whole auditor, which sees only the file (design section 4). */
export async function judge(text: string, seconds = SECONDS): Promise<Judgement> {
  const read = Release.read(text);
  const findings = read.ok ? [] : read.findings;
  if (findings.some(({ rule }) => frame.includes(rule))) return { findings, searched: null };
  const highs = solver(seconds);
  try {
    return { findings, searched: await search(tables([JSON.parse(text) as Release.Release]), highs) };
  } finally {
    await highs.end();
  }
}

/** Whether nothing speaks against a file, as far as was searched. */
export const isClean = ({ findings, searched }: Judgement) =>
  findings.length === 0 && searched !== null && searched.leak === null && searched.contradictions === 0;

/**
 * The very bytes that may be published, when the auditor has judged them. A group that can be derived: nothing is. Out
 * of time: breakdowns are dropped, and the tree, which the residual rule proves, is published.
 */
export async function audited(
  bytes: string,
  seconds = SECONDS,
): Promise<{ ok: true; bytes: string; dropped: boolean } | { ok: false }> {
  const judgement = await judge(bytes, seconds);
  if (!isClean(judgement)) return { ok: false };
  if (judgement.searched?.complete) return { ok: true, bytes, dropped: false };
  const left = Release.withoutBreakdowns(bytes);
  return Release.read(left).ok ? { ok: true, bytes: left, dropped: left !== bytes } : { ok: false };
}
