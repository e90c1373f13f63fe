import type { GroupUnit } from '#domain/group.ts';
import * as Pattern from '#domain/pattern.ts';
import { nodeOfUnit } from '#domain/release.ts';
import type { RoundTree, Thresholds, TreeNode } from '#domain/round.ts';

/**
 * What HR has chosen for units that are likely to get no figures of their own, beside `merges`: the units put together.
 * share: per cent expected to answer; null: as last time. borrow, without: unit codes whose meetings have the result of
 * the level above, or no figures. anyway: units put together although they could have had figures of their own.
 */
export type Choices = { share: number | null; borrow: string[]; without: string[]; anyway: string[] };
export type Chosen = { merges: string[][]; choices: Choices };

/** Per cent expected to answer where nothing has been released before. */
export const usualShare = 60;

/** Who would be invited now: the round's tree of units, its groups, and staff (leaders apart) by unit. */
export type Ground = { units: GroupUnit[]; tree: RoundTree; staff: Map<string, number> };

/** What a unit is likely to get. together: the other units that its own staff are counted with. */
export type Outlook = {
  unit: GroupUnit;
  depth: number;
  /** Has no units under it: only such are put together. */
  leaf: boolean;
  invited: number;
  expected: number;
  node: TreeNode | null;
  own: boolean;
  together: string[];
  shows: 'statements' | 'factors' | 'nothing';
};

/**
 * What each unit is likely to be shown, were exactly this share (per cent) to answer in every group: the same rule as
 * the release itself uses, so that a unit withheld to protect a sister is foreseen too (design section 4). Units with
 * nobody invited in or under them are left out.
 */
export function outlooks({ units, tree, staff }: Ground, thresholds: Thresholds, share: number): Outlook[] {
  const { nodes } = tree;
  const answers = (invited: number) => Math.floor((invited * share) / 100);
  const outline = Pattern.outline(nodes);
  const own = [0, ...nodes.map((node) => (node.group ? answers(node.invited) : 0))];
  const under = Pattern.under(outline, own);
  const shown = (limit: number, may: (node: number) => boolean) =>
    Pattern.best(outline, limit, { some: under, all: under }, { some: own, all: own }, may);
  const factors = shown(thresholds.factor, () => true);
  const statements = shown(thresholds.statement, (node) => node > 0 && factors[node] === true);
  const byCode = new Map(units.map((unit) => [unit.code, unit]));
  const depthOf = (unit: GroupUnit): number => {
    const above = unit.parent === null ? undefined : byCode.get(unit.parent);
    return above ? depthOf(above) + 1 : 0;
  };
  const staffUnder = (code: string): number =>
    units
      .filter((unit) => unit.parent === code)
      .reduce((sum, unit) => sum + staffUnder(unit.code), staff.get(code) ?? 0);
  return units.flatMap((unit) => {
    const node = nodeOfUnit({ tree: nodes }, unit.code);
    const at = node === null ? -1 : nodes.indexOf(node) + 1;
    const isOwn = node?.part === 'whole';
    const invited = isOwn ? node.invited : staffUnder(unit.code);
    if (invited === 0) return [];
    return {
      ...{ unit, node, invited, depth: depthOf(unit), own: isOwn },
      leaf: !units.some(({ parent }) => parent === unit.code),
      expected: at < 0 ? answers(invited) : (under[at] as number),
      together: isOwn || !node ? [] : node.units.filter((code) => code !== unit.code),
      shows: statements[at] ? 'statements' : factors[at] ? 'factors' : 'nothing',
    };
  });
}

/** What a unit may be: put together with sisters, have the level above in its meeting, meet without figures; rule: no choice. */
export type Choice = 'together' | 'borrow' | 'without' | 'rule';
export const choices: readonly Choice[] = ['together', 'borrow', 'without', 'rule'];

export type ChoiceRefusal =
  /** The unit is not in the round. */
  | 'unknown'
  /** Put together with nobody. */
  | 'no-sister'
  /** Only units right under the same unit, with none under themselves, are put together. */
  | 'not-sisters'
  /** Some could have figures of their own, and nobody said that they are put together all the same. */
  | 'large';

/**
 * One unit's choice, in place of what was chosen for it before. alone: what each unit would get with nobody put
 * together. A unit that is likely to stand alone is put together only when `anyway` says so (design section 3, step 1).
 */
export function choose(
  chosen: Chosen,
  alone: Outlook[],
  wanted: { unit: string; choice: Choice; sisters: string[]; anyway: boolean },
): { ok: true; chosen: Chosen } | { ok: false; refusal: ChoiceRefusal; units: string[] } {
  const { unit, choice } = wanted;
  const sisters = choice === 'together' ? wanted.sisters.filter((code) => code !== unit) : [];
  const taken = new Set([unit, ...sisters]);
  const refuse = (refusal: ChoiceRefusal, units: string[] = []) => ({ ok: false as const, refusal, units });
  const rest = (codes: string[]) => codes.filter((code) => !taken.has(code));
  const { share, borrow, without, anyway } = chosen.choices;
  const next: Chosen = {
    merges: chosen.merges.map(rest).filter((merge) => merge.length > 1),
    choices: { share, borrow: rest(borrow), without: rest(without), anyway: rest(anyway) },
  };
  if (choice === 'rule') return { ok: true, chosen: next };
  if (!alone.some((one) => one.unit.code === unit)) return refuse('unknown');
  if (choice === 'together') {
    if (sisters.length === 0) return refuse('no-sister');
    const merge = [...taken].sort();
    if (!areSisters(alone, merge)) return refuse('not-sisters');
    const large = merge.filter((code) => couldStand(alone, code));
    if (large.length > 0 && !wanted.anyway) return refuse('large', large);
    next.merges.push(merge);
    next.choices.anyway.push(...large);
  } else next.choices[choice].push(unit);
  return { ok: true, chosen: next };
}

const at = (outlooks: Outlook[], code: string) => outlooks.find((one) => one.unit.code === code);
const couldStand = (alone: Outlook[], code: string): boolean => {
  const one = at(alone, code);
  return one !== undefined && one.own && one.shows !== 'nothing';
};
const areSisters = (outlooks: Outlook[], codes: string[]): boolean => {
  const found = codes.map((code) => at(outlooks, code));
  return found.every((one) => one?.leaf && one.unit.parent === found[0]?.unit.parent);
};

/**
 * A choice that the staff have outgrown. gone: nobody of a unit is invited any more; not-sisters: units put together
 * have moved apart; large: one of them could now have figures of its own, and nobody said all the same; shown: a unit
 * that was to borrow or meet without is now likely to have figures.
 */
export type Misfit = { why: 'gone' | 'not-sisters' | 'large' | 'shown'; units: string[] };

/** The choices that no longer fit, so that none is dropped in silence. `now`: with units put together; alone: without. */
export function misfits({ merges, choices }: Chosen, now: Outlook[], alone: Outlook[]): Misfit[] {
  const found: Misfit[] = [];
  for (const units of merges) {
    const large = units.filter((code) => couldStand(alone, code) && !choices.anyway.includes(code));
    if (units.some((code) => !at(alone, code))) found.push({ why: 'gone', units });
    else if (!areSisters(alone, units)) found.push({ why: 'not-sisters', units });
    else if (large.length > 0) found.push({ why: 'large', units: large });
  }
  for (const code of [...choices.borrow, ...choices.without]) {
    const one = at(now, code);
    if (!one) found.push({ why: 'gone', units: [code] });
    else if (one.shows !== 'nothing') found.push({ why: 'shown', units: [code] });
  }
  return found;
}

/** Whether freezing waits for HR: the groups would be others than HR chose. Figures that turn up after all hurt nobody. */
export const stopsFreezing = (misfit: Misfit): boolean => misfit.why !== 'shown';
