import type { Publishable } from '#domain/disclosure.ts';
import type { Questionnaire, Statement } from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import type { RoundTree, Thresholds, TreeNode } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';

export const thresholds: Thresholds = { factor: 5, statement: 10, invited: 7 };

/** A questionnaire with factors of so many statements each, and some statements outside every factor. */
export function questionnaire(factors: number[], alone = 0, values = [1, 2, 3, 4, 5]): Questionnaire {
  const statement = (id: string): Statement => ({
    id,
    text: { nb: `Utsagn ${id}` },
    scale: 'agree',
    dontKnow: true,
    notRelevant: true,
  });
  const inFactors = factors.map((count, f) => Array.from({ length: count }, (_, s) => `f${f + 1}s${s + 1}`));
  const themes = [...inFactors, Array.from({ length: alone }, (_, s) => `a${s + 1}`)].filter(
    (ids) => ids.length,
  );
  return {
    format: 'medvirk-questionnaire/1',
    key: 'test',
    version: 1,
    kind: 'employee',
    title: { nb: 'Prøve' },
    languages: ['nb'],
    minutes: 5,
    scales: [{ id: 'agree', points: values.map((value) => ({ value, text: { nb: `Punkt ${value}` } })) }],
    themes: themes.map((ids, t) => ({
      id: `t${t + 1}`,
      title: { nb: `Tema ${t + 1}` },
      statements: ids.map(statement),
    })),
    factors: inFactors.map((ids, f) => ({
      id: `f${f + 1}`,
      title: { nb: `Faktor ${f + 1}` },
      statements: ids,
    })),
  };
}

/** A unit by its code, with what is under it; staff or leaders of its own are leaves of their own. */
export type Unit = { code: string; staff?: true; leaders?: true; under?: Unit[] };

/** The round's tree of some units. Groups are named by their node's name: a unit's code, "CODE, staff" or "CODE, leaders". */
export function tree(tops: Unit[], invited = 100): RoundTree {
  const nodes: TreeNode[] = [];
  const add = (unit: Unit, parent: string | null) => {
    const node = push(parent, 'whole', unit.code, unit.code, !unit.under?.length);
    for (const child of unit.under ?? []) add(child, node.id);
    if (unit.leaders) push(node.id, 'leaders', unit.code, `${unit.code}, leaders`, true);
    if (unit.staff) push(node.id, 'others', unit.code, `${unit.code}, staff`, true);
  };
  const push = (
    parent: string | null,
    part: TreeNode['part'],
    code: string,
    name: string,
    group: boolean,
  ) => {
    const id = String(nodes.length + 1).padStart(4, '0');
    const node = { id, parent, part, name, units: [code], level: null, invited: group ? invited : 0, group };
    nodes.push(node);
    return node;
  };
  for (const top of tops) add(top, null);
  for (const node of nodes.toReversed())
    for (const parent of nodes) if (parent.id === node.parent) parent.invited += node.invited;
  return { nodes };
}

/** Ballots by name of the group. */
export type Ballots = Record<string, number[][]>;

type Made = {
  release: Publishable<Release.Release>;
  id: (name: string) => string;
  tally: Tally.Tally;
};

/** A release made of ballots as closing makes it. */
export function released(
  asked: Questionnaire,
  units: RoundTree,
  ballots: Ballots,
  limits = thresholds,
): Made {
  const id = (name: string) => {
    const node = units.nodes.find((one) => one.name === name);
    if (!node) throw new Error(`no node ${name}`);
    return node.id;
  };
  const tally = Tally.start(asked, units);
  for (const [name, all] of Object.entries(ballots))
    for (const answers of all) Tally.add(tally, id(name), answers);
  return { release: releaseOf(asked, units, tally, limits), id, tally };
}

/** A release made of a tally as closing makes it. */
export function releaseOf(asked: Questionnaire, units: RoundTree, tally: Tally.Tally, limits = thresholds) {
  const counted = [tally, ...(tally.onBehalf ? [tally.onBehalf] : [])]
    .flatMap(({ ballots }) => [...ballots])
    .reduce((sum, n) => sum + n, 0);
  return Release.build({
    round: {
      id: 'r1',
      name: 'Prøve 2027',
      kind: asked.kind,
      dryRun: true,
      opened: '2027-02-01',
      stopped: '2027-02-21',
      fingerprint: 'abcdefghijklmnopqrstuvwxyz234567',
      questionnaire: { key: asked.key, version: asked.version },
    },
    questionnaire: asked,
    tree: units,
    thresholds: limits,
    tally,
    ballots: { invited: 100 * units.nodes.length, received: counted + 2, counted, unreadable: 2 },
    receiptsSha256: 'a'.repeat(64),
  });
}

/** Whole numbers from 0 to below `end`, the same for the same seed. */
export function chance(seed: number): (end: number) => number {
  let state = seed >>> 0 || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % end;
  };
}
