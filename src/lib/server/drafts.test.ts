import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Draft from '#domain/draft.ts';
import { languagePart, statementPart, themePart } from '#domain/draft-part.ts';
import { canonical, statements } from '#domain/questionnaire.ts';
import * as drafts from '#server/drafts.ts';
import { permitForMachine } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';

const now = new Date('2027-01-04T08:00:00Z');
const later = new Date('2027-01-05T08:00:00Z');
const permit = permitForMachine<'questionnaire.change'>();

let databases: TestDatabases;
let id: string;
beforeAll(async () => {
  databases = await testDatabases();
  await questionnaires.shipOwn(databases.main, now);
});
afterAll(() => databases.stop());

const main = () => databases.main;
const employee = async () => (await questionnaires.latest(main(), 'employee'))!;
const row = async () => (await drafts.find(main(), id))!;
const first = async () => statements((await row()).draft.content)[0]!;
const seen = async () => {
  const { version, newest } = await row();
  return { version, newest: newest?.id ?? null };
};
/** What a form of the first statement holds now, with something typed in it. */
async function form(typed: Record<string, string> = {}) {
  const part = statementPart((await first()).id);
  const { draft, version } = await row();
  const base = part.fields(draft)!;
  return { part, from: { version, base, again: false }, mine: { ...base, ...typed } };
}
const save = ({ part, from, mine }: Awaited<ReturnType<typeof form>>) =>
  drafts.save(main(), id, part, from, mine, later, permit);

beforeEach(async () => {
  for (const open of await drafts.listOpen(main())) await drafts.discard(main(), open.id, now, permit);
  const begun = await drafts.begin(main(), (await employee()).id, now, permit);
  if (!begun.ok) throw new Error(begun.refusal);
  id = begun.id;
});

test('two who begin on the same questionnaire at once get the same draft', async () => {
  await drafts.discard(main(), id, now, permit);
  const from = (await employee()).id;
  const both = await Promise.all([1, 2].map(() => drafts.begin(main(), from, now, permit)));
  expect(new Set(both.map((one) => one.ok && one.id)).size).toBe(1);
  expect(both.map((one) => one.ok && one.begun).sort()).toEqual([false, true]);
  expect(await drafts.listOpen(main())).toHaveLength(1);
});

test('a new questionnaire has a key of its own, also when two have the same name', async () => {
  const both = await Promise.all(
    [1, 2].map(() => drafts.beginEmpty(main(), 'Trivsel på Åsen!', 'employee', now, permit)),
  );
  const keys = (await drafts.listOpen(main())).map(({ key }) => key).filter((key) => key !== 'employee');
  expect(both.every(({ ok }) => ok)).toBe(true);
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(key).toMatch(/^trivsel-pa-asen-[0-9a-f]{8}$/);
  expect(await drafts.beginEmpty(main(), ' ', 'employee', now, permit)).toEqual({
    ok: false,
    refusal: 'no-text',
  });
});

test('what residents are asked is voluntary in a draft, whatever the file said', async () => {
  const { content } = (await questionnaires.latest(main(), 'resident'))!;
  const forced = { ...structuredClone(content), key: 'forced' };
  for (const one of statements(forced)) one.required = true;
  const added = await questionnaires.add(main(), forced, now, permit);
  const begun = added.ok && (await drafts.begin(main(), added.id, now, permit));
  const draft = begun && begun.ok && (await drafts.find(main(), begun.id))!.draft;
  expect(draft && statements(draft.content).some(({ required }) => required)).toBe(false);
});

describe('two who write at once', () => {
  test('in different fields: both are kept', async () => {
    const text = `statement.${(await first()).id}`;
    const [mine, theirs] = [
      await form({ [`${text}.nn`]: 'Mitt.' }),
      await form({ [`${text}.en`]: 'Theirs.' }),
    ];
    expect(await save(theirs)).toEqual({ ok: true });
    expect(await save(mine)).toEqual({ ok: true });
    expect((await first()).text).toMatchObject({ nn: 'Mitt.', en: 'Theirs.' });
  });

  test('in the same field: the second is told, and may have it so', async () => {
    const field = `statement.${(await first()).id}.nb`;
    const [mine, theirs] = [await form({ [field]: 'Mitt.' }), await form({ [field]: 'Deres.' })];
    expect(await save(theirs)).toEqual({ ok: true });
    const told = await save(mine);
    expect(told).toMatchObject({ conflicts: [{ field, mine: 'Mitt.', theirs: 'Deres.' }] });
    if (!('conflicts' in told)) throw new Error();
    expect((await first()).text.nb).toBe('Deres.');
    const again = {
      ...mine,
      from: { version: told.version, base: told.theirs, again: false },
      mine: told.merged,
    };
    expect(await save(again)).toEqual({ ok: true });
    expect((await first()).text.nb).toBe('Mitt.');
  });

  test('where one takes out what the other writes in, it comes back only when that is said', async () => {
    const mine = await form({ factor: '' });
    const gone = (await first()).id;
    await drafts.edit(main(), id, (draft) => Draft.removeStatement(draft, gone), later, permit);
    expect(await save(mine)).toEqual({ ok: false, refusal: 'gone' });
    expect(await save({ ...mine, from: { ...mine.from, again: true } })).toEqual({ ok: true });
    expect(statements((await row()).draft.content).map((one) => one.id)).toContain(gone);
  });

  test('where one has finished, nothing more is written', async () => {
    const mine = await form({ about: 'top-leadership' });
    await drafts.discard(main(), id, later, permit);
    expect(await save(mine)).toEqual({ ok: false, refusal: 'closed' });
    const edited = await drafts.edit(main(), id, (draft) => Draft.addTheme(draft, 't', 'T'), later, permit);
    expect(edited).toEqual({ ok: false, refusal: 'closed' });
    expect(await drafts.finish(main(), id, await seen(), later, permit)).toEqual({
      ok: false,
      refusal: 'closed',
    });
  });
});

describe('a tick that a text is read', () => {
  const place = async () => `statement.${(await first()).id}`;
  /** The form of the texts in nynorsk as it stands now, with something typed or ticked in it. */
  async function texts(typed: Record<string, string>) {
    const part = languagePart('nn');
    const { draft, version } = await row();
    const base = part.fields(draft)!;
    return { part, from: { version, base, again: false }, mine: { ...base, ...typed } };
  }
  const review = async () => (await row()).draft.reviews[`${await place()}.nn`];
  const reviewed = async () => {
    const { text } = await first();
    const found = await review();
    return found !== undefined && found.words === text.nn && found.nb === text.nb;
  };

  test('is of the words that stood in the form: others are shown, and nothing is saved', async () => {
    const at = await place();
    const mine = await texts({ [`read.${at}.nn`]: 'yes', 'title.nn': 'Ny tittel' });
    await save(await form({ [`${at}.nn`]: 'Heilt andre ord.' }));
    const told = await save(mine);
    expect(told).toMatchObject({
      ...{ ok: false, conflicts: [] },
      unseen: [{ field: `${at}.nn`, inNb: false, now: 'Heilt andre ord.' }],
      merged: { [`read.${at}.nn`]: '', [`${at}.nn`]: 'Heilt andre ord.', 'title.nn': 'Ny tittel' },
    });
    expect(await review()).toBeUndefined();
    if (!('unseen' in told)) throw new Error();
    const from = { version: told.version, base: told.theirs, again: false };
    const again = { ...mine, from, mine: { ...told.merged, [`read.${at}.nn`]: 'yes' } };
    expect(await save(again)).toEqual({ ok: true });
    expect(await review()).toMatchObject({ words: 'Heilt andre ord.' });
    expect((await row()).draft.content.title.nn).toBe('Ny tittel');
  });

  test('and of the bokmål that stood beside', async () => {
    const at = await place();
    const mine = await texts({ [`read.${at}.nn`]: 'yes' });
    await save(await form({ [`${at}.nb`]: 'Noe helt annet.' }));
    expect(await save(mine)).toMatchObject({
      unseen: [{ field: `${at}.nn`, inNb: true, now: 'Noe helt annet.' }],
    });
    expect(await review()).toBeUndefined();
  });

  test('of all at once, too; what came to the draft meanwhile is not ticked', async () => {
    const at = await place();
    const mine = await texts({ all: 'yes' });
    await drafts.edit(main(), id, (draft) => Draft.addTheme(draft, 't', 'Nytt'), later, permit);
    expect(await save(mine)).toEqual({ ok: true });
    expect(await reviewed()).toBe(true);
    expect((await row()).draft.reviews['theme.t.title.nn']).toBeUndefined();
    const again = await texts({ all: 'yes' });
    await save(await form({ [`${at}.nn`]: 'Andre ord.' }));
    expect(await save(again)).toMatchObject({
      unseen: [{ field: `${at}.nn` }],
      merged: { 'read.title.nn': 'all', [`read.${at}.nn`]: '' },
    });
  });

  test('lapses where whoever sees it writes other words, and says who read, not who wrote', async () => {
    const at = await place();
    await save(await texts({ [`read.${at}.nn`]: 'yes' }));
    expect(await reviewed()).toBe(true);
    await save(await texts({ [`${at}.nn`]: 'Omskrive.' }));
    expect(await review()).toBeUndefined();
    await save(await texts({ [`${at}.nn`]: 'Omskrive att.', [`read.${at}.nn`]: 'yes' }));
    expect(await reviewed()).toBe(true);
  });

  test('is never of words that nobody saw, whoever of two is first', async () => {
    const at = await place();
    for (let i = 0; i < 10; i++) {
      await save(await texts({ [`read.${at}.nn`]: '' }));
      const ticks = await texts({ [`read.${at}.nn`]: 'yes' });
      const seen = (await first()).text.nn;
      const writes = await form({ [`${at}.nn`]: `Ord nummer ${i}.` });
      await Promise.all(i % 2 ? [save(ticks), save(writes)] : [save(writes), save(ticks)]);
      expect((await first()).text.nn).toBe(`Ord nummer ${i}.`);
      expect([undefined, seen]).toContain((await review())?.words);
      expect(await reviewed()).toBe(false);
    }
  });
});

describe('finishing', () => {
  test('what is as it was becomes no version', async () => {
    expect(await drafts.finish(main(), id, await seen(), later, permit)).toEqual({
      ok: false,
      refusal: 'unchanged',
    });
  });

  test('what lacks something is told with its place, and stays a draft', async () => {
    await drafts.edit(main(), id, (draft) => Draft.addTheme(draft, 'tomt', 'Tomt'), later, permit);
    expect(await drafts.finish(main(), id, await seen(), later, permit)).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([{ path: 'themes[13].statements', fault: 'few', limit: 1 }]),
    });
    expect((await row()).closedAt).toBeNull();
  });

  test('what somebody has changed since it was looked at, is looked at again', async () => {
    const old = await seen();
    const theme = themePart((await row()).draft.content.themes[0]!.id, 'new');
    const base = theme.fields((await row()).draft)!;
    const [field] = Object.keys(base);
    const from = { version: old.version, base, again: false };
    await drafts.save(main(), id, theme, from, { ...base, [field!]: 'Nytt' }, later, permit);
    expect(await drafts.finish(main(), id, old, later, permit)).toEqual({ ok: false, refusal: 'changed' });
    const { content } = await employee();
    const other = { ...content, minutes: 59 };
    expect(await questionnaires.add(main(), other, later, permit)).toMatchObject({ ok: true });
    const stale = { version: (await row()).version, newest: old.newest };
    expect(await drafts.finish(main(), id, stale, later, permit)).toEqual({ ok: false, refusal: 'newer' });
  });

  test('the next version has the new words and the same id, and the one before is as it was', async () => {
    const before = await employee();
    const bytes = canonical(before.content);
    const field = `statement.${(await first()).id}.nb`;
    expect(await save(await form({ [field]: 'Helt andre ord.' }))).toEqual({ ok: true });
    const done = await drafts.finish(main(), id, await seen(), later, permit);
    expect(done).toMatchObject({ ok: true, version: before.version + 1 });
    const after = await employee();
    expect(statements(after.content)[0]).toMatchObject({
      id: (await first()).id,
      text: { nb: 'Helt andre ord.' },
    });
    expect(after.content.background).toEqual(before.content.background);
    expect(canonical((await questionnaires.byId(main(), before.id))!.content)).toBe(bytes);
    expect(await row()).toMatchObject({ becameId: after.id, closedAt: later });
  });

  test('of two who finish at once, one makes a version', async () => {
    const field = `statement.${(await first()).id}.nb`;
    await save(await form({ [field]: 'Enda andre ord.' }));
    const at = await seen();
    const both = await Promise.all([1, 2].map(() => drafts.finish(main(), id, at, later, permit)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
