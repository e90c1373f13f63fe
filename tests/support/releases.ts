import employee from '#domain/questionnaires/employee.json' with { type: 'json' };
import * as Choice from '#domain/choice.ts';
import type { Publishable } from '#domain/disclosure.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import * as Questionnaires from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';

export const questionnaire = employee as unknown as Questionnaire;

const node = (
  id: string,
  parent: string | null,
  part: TreeNode['part'],
  name: string,
  units: string[],
  invited: number,
  group: boolean,
): TreeNode => ({ id, parent, part, name, units, level: null, invited, group });

/** An invented health area: a home with four wards (one small, counted with another), and home nursing with three. */
export const tree: TreeNode[] = [
  node('0001', null, 'whole', 'Fjordvik kommune', ['F'], 160, false),
  node('0002', '0001', 'whole', 'Helse og mestring', ['H'], 150, false),
  node('0003', '0002', 'whole', 'Solsiden bosenter', ['S'], 84, false),
  node('0004', '0003', 'whole', 'Avdeling Bjørk', ['S1'], 30, true),
  node('0005', '0003', 'whole', 'Avdeling Rogn', ['S2'], 24, true),
  node('0006', '0003', 'merged', 'Avdeling Selje og Nattjenesten', ['S3', 'S4'], 18, true),
  node('0007', '0003', 'others', 'Solsiden bosenter, øvrige', ['S'], 12, true),
  node('0008', '0002', 'whole', 'Hjemmesykepleien', ['J'], 59, false),
  node('0009', '0008', 'whole', 'Sone nord', ['J1'], 26, true),
  node('0010', '0008', 'whole', 'Sone sør', ['J2'], 22, true),
  node('0011', '0008', 'whole', 'Kveldspatruljen', ['J3'], 11, true),
  node('0012', '0002', 'leaders', 'Ledere i Helse og mestring', ['H'], 7, true),
  node('0013', '0001', 'others', 'Fjordvik kommune, øvrige', ['F'], 10, true),
];

/** The same numbers for the same seed: mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Example = {
  seed?: number;
  name?: string;
  opened?: string;
  dryRun?: boolean;
  kind?: Questionnaire['kind'];
  nodes?: TreeNode[];
  /** Ballots of a group; the others get about three quarters of the invited. */
  ballots?: Record<string, number>;
  of?: Questionnaire;
  /** What a group's persons say of themselves, as in the ballot. */
  background?: (group: string, person: number) => number[];
};

/** A release of invented answers, made the way a closing makes it. */
export function release(example: Example = {}): Publishable<Release.Release> {
  const { seed = 1, name = 'Medarbeiderundersøkelsen 2027', opened = '2027-03-01', nodes = tree } = example;
  const asked = example.of ?? questionnaire;
  const draw = chance(seed);
  const tally = Tally.start(asked, { nodes });
  const statements = Questionnaires.statements(asked);
  const lean = new Map(asked.factors.flatMap((f) => f.statements.map((id) => [id, f])));
  const leans = new Map(asked.factors.map((f) => [f, 0.5 + 0.35 * draw()]));
  for (const group of nodes.filter((n) => n.group)) {
    const tilt = (draw() - 0.5) * 0.25;
    const count = example.ballots?.[group.id] ?? Math.round(group.invited * (0.65 + 0.25 * draw()));
    for (let person = 0; person < count; person++)
      Tally.add(
        tally,
        group.id,
        statements.flatMap((statement) => {
          const scale = Questionnaires.scaleOf(asked, statement);
          const { points } = scale;
          if (scale.choose === 'several')
            return Choice.written(
              scale,
              points.filter(() => draw() < 0.5).map(({ value }) => value),
            );
          const factor = lean.get(statement.id);
          const at = (factor ? leans.get(factor)! : 0.6) + tilt + (draw() + draw() - 1) * 0.55;
          return points[Math.min(points.length - 1, Math.max(0, Math.floor(at * points.length)))]!.value;
        }),
        example.background?.(group.id, person),
      );
  }
  const counted = [...tally.ballots, ...(tally.onBehalf?.ballots ?? [])].reduce((sum, n) => sum + n, 0);
  return Release.build({
    round: {
      id: 'abcdefgh',
      name,
      kind: example.kind ?? asked.kind,
      dryRun: example.dryRun ?? false,
      opened,
      stopped: opened.slice(0, 8) + '22',
      fingerprint: 'ab'.repeat(32),
      questionnaire: { key: asked.key, version: asked.version },
    },
    questionnaire: asked,
    tree: { nodes },
    thresholds: { factor: 5, statement: 10, invited: 7 },
    tally,
    ballots: { invited: nodes[0]!.invited, received: counted, counted, unreadable: 0 },
    receiptsSha256: '0'.repeat(64),
  });
}
