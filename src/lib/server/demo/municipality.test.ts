import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Csv from '#domain/csv.ts';
import { mayHold } from '#domain/person.ts';
import { inTreeOrder } from '#domain/unit.ts';
import { municipality } from '#server/demo/municipality.ts';
import { permitForMachine } from '#server/gate.ts';
import * as imports from '#server/imports.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';

let test: TestDatabases;
const permit = permitForMachine<'import.do'>();
beforeAll(async () => {
  test = await testDatabases();
});
afterAll(() => test.stop());

const bytes = (text: string) => new TextEncoder().encode(text);
function rows(text: string): Record<string, string>[] {
  const csv = Csv.read(bytes(text));
  if (!csv.ok) throw new Error(csv.refusal);
  return csv.rows.map((row) => Object.fromEntries(csv.columns.map((name, i) => [name, row.cells[i] ?? ''])));
}

it('is the same every time', () => {
  expect(municipality(1)).toEqual(municipality(1));
  expect(municipality(2)).toEqual(municipality(2));
});

it('has the shape of a municipality', () => {
  const { unitsCsv, peopleCsv } = municipality(1);
  const units = rows(unitsCsv);
  const posts = rows(peopleCsv);
  const tree = inTreeOrder(
    units.map((u) => ({ code: u.organisasjonsKode ?? '', parent: u.overordnet || null })),
  );
  expect([tree.length, Math.max(...tree.map(({ depth }) => depth))]).toEqual([67, 3]);
  const main = posts.filter((p) => p.hovedstilling === 'ja');
  expect(new Set(posts.map((p) => p.ansattnummer)).size).toBe(900);
  expect(main).toHaveLength(900);
  expect(new Set(main.map((p) => p.navn)).size).toBe(900);
  const inside = (low: number, of: unknown[], high: number) => {
    expect(of.length).toBeGreaterThanOrEqual(low);
    expect(of.length).toBeLessThanOrEqual(high);
  };
  inside(
    5,
    posts.filter((p) => p.hovedstilling === 'nei'),
    60,
  );
  inside(
    3,
    main.filter((p) => p.epost === ''),
    20,
  );
  inside(
    10,
    main.filter((p) => p.permisjon === 'ja'),
    50,
  );
  inside(
    150,
    main.filter((p) => Number(p.ansettelsesprosent) < 100),
    500,
  );
  expect(units.filter((u) => u.leder === '').map((u) => u.organisasjonsKode)).toEqual(['OP-SS-S']);
});

it('gives roles that may be held, to people who are there both years', () => {
  const [one, two] = [municipality(1), municipality(2)];
  expect(two.roles).toEqual(one.roles);
  expect(two.cast).toEqual(one.cast);
  for (const of of [one, two]) {
    const numbers = new Set(rows(of.peopleCsv).map((p) => p.ansattnummer));
    const codes = new Set(rows(of.unitsCsv).map((u) => u.organisasjonsKode));
    for (const { employeeNumber, role, unit } of of.roles) {
      expect(mayHold(role, unit).ok).toBe(true);
      expect(numbers).toContain(employeeNumber);
      if (unit) expect(codes).toContain(unit);
    }
    const { politician, ...inPost } = of.cast;
    for (const number of Object.values(inPost)) expect(numbers).toContain(number);
    expect(of.externals.map((e) => e.email)).toContain(politician);
  }
});

it('comes in through the real imports, and a year later changes a little', async () => {
  const counts: string[] = [];
  for (const [year, at] of [
    [1, '2025-09-01T08:00:00Z'],
    [2, '2026-09-01T08:00:00Z'],
  ] as const) {
    const of = municipality(year);
    for (const [i, preview, text] of [
      [0, imports.previewUnits, of.unitsCsv],
      [1, imports.previewPeople, of.peopleCsv],
    ] as const) {
      const now = new Date(Date.parse(at) + i * 60_000);
      const found = await preview(test.main, permit, bytes(text), 'fil.csv', now);
      if (!found.ok) throw new Error(found.refusal);
      expect(found.preview.faults).toEqual([]);
      const names = found.preview.warnings.map((w) => w.warning);
      expect(names).not.toContain('many-gone');
      for (const { of, added, changed, gone, unchanged } of found.preview.parts)
        counts.push(`${of} +${added.length} ~${changed.length} -${gone.length} =${unchanged}`);
      expect(await imports.confirm(test.main, permit, found.id, now)).toMatchObject({ ok: true });
    }
  }
  expect(counts).toMatchInlineSnapshot(`
    [
      "unit +67 ~0 -0 =0",
      "person +900 ~0 -0 =0",
      "position +923 ~0 -0 =0",
      "leader +0 ~66 -0 =0",
      "unit +1 ~6 -2 =59",
      "person +57 ~1 -57 =842",
      "position +74 ~51 -76 =796",
      "leader +0 ~1 -0 =0",
    ]
  `);
});
