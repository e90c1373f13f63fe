import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { and, eq, gt, isNotNull } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectMain } from '#server/db.ts';
import { dryRunLinks, inviteAll, mailState, remindAll, sendDue } from '#server/invitations.ts';
import { issue, show } from '#server/issuing.ts';
import { overSmtp, type Postman } from '#server/mail.ts';
import { partsOf } from '#server/respondent.ts';
import { dispatch, invitation, invitationLink, person, round } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { now, openRound, sha256, someBlinded } from '#tests/support/papers.ts';
import { type Letter, postOffice } from '#tests/support/post-office.ts';
import { town } from '#tests/support/town.ts';

const origin = 'https://medvirk.testvik.example';
const office = postOffice();
let t: TestDatabases;
let postman: Postman;
let roundId: string;
/** By address: the invitation. */
let invited: Map<string, string>;

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  await office.open();
});
beforeEach(async () => {
  postman = overSmtp(office.url(), 'Medvirk <medvirk@testvik.example>');
  const people = await t.main.select().from(person).where(isNotNull(person.email)).limit(12);
  const { roundId: id, held } = await openRound(t, { groups: 1, each: people.length });
  roundId = id;
  const fingerprint = randomBytes(32);
  await t.main.update(round).set({ fingerprint }).where(eq(round.id, roundId));
  for (const [i, { id: personId, email }] of people.entries())
    await t.main.update(invitation).set({ personId, email }).where(eq(invitation.id, held[i]!.invitationId));
  invited = new Map(people.map(({ email }, i) => [email!, held[i]!.invitationId]));
  await inviteAll(t.main, roundId);
});
afterEach(async () => {
  postman.close();
  Object.assign(office, { letters: [], answer: () => 250, hold: async () => {} });
  await t.main.delete(dispatch);
});
afterAll(async () => {
  await office.close();
  await t.stop();
});

const send = (by = postman, main = t.main) => sendDue(main, by, origin, () => now);
const addresses = (letters: Letter[]) => letters.map((l) => l.to).sort();
const everybody = () => [...invited.keys()].sort();
const addressOf = (i: number) => [...invited.keys()][i]!;

/** The link in the letter leads to the invitation of the one it was sent to. */
async function works({ to, link }: Letter, state = 'ready') {
  const { secret } = partsOf(link);
  expect(link.startsWith(`${origin}/svar/${roundId}/nb#`)).toBe(true);
  expect(await show(t.main, roundId, secret, now)).toMatchObject({ ok: true, state });
  const [found] = await t.main
    .select()
    .from(invitationLink)
    .where(eq(invitationLink.secretHash, sha256(secret)));
  expect(found!.invitationId).toBe(invited.get(to));
}

describe('invitations', () => {
  it('reach each once, with a link of their own that works', async () => {
    expect(await send()).toEqual({ sent: 12, failed: 0 });
    expect(addresses(office.letters)).toEqual(everybody());
    for (const letter of office.letters) await works(letter);
    expect(new Set(office.letters.map((l) => l.link)).size).toBe(12);
    expect(await send()).toEqual({ sent: 0, failed: 0 });
    await inviteAll(t.main, roundId);
    expect(await send()).toEqual({ sent: 0, failed: 0 });
    expect(await mailState(t.main, roundId)).toEqual({ due: 0, sent: 12, failed: 0 });
  });

  it('reach each once, also when two processes send at the same moment', async () => {
    // The first is not taken until the other process has one under way too.
    const both = Promise.withResolvers<void>();
    office.hold = async () => {
      if (office.letters.length > 1) both.resolve();
      await both.promise;
    };
    const other = connectMain(t.mainUrl);
    const others = overSmtp(office.url(), 'Medvirk <medvirk@testvik.example>');
    const counts = await Promise.all([send(), send(others, other.main)]);
    others.close();
    await other.sql.end();
    expect(addresses(office.letters)).toEqual(everybody());
    expect(counts.map((c) => c.sent > 0)).toEqual([true, true]);
  });

  it('of which the mail server refuses one for good, are counted, and the others go', async () => {
    office.answer = (address) => (address === addressOf(0) ? 550 : 250);
    expect(await send()).toEqual({ sent: 11, failed: 1 });
    expect(addresses(office.letters)).toEqual(everybody().filter((a) => a !== addressOf(0)));
    expect(await mailState(t.main, roundId)).toEqual({ due: 0, sent: 11, failed: 1 });
  });

  it('of which one letter is refused after its address was taken, are counted, and the others go', async () => {
    const open = postman.send;
    const refused = Object.assign(new Error('554 no'), { responseCode: 554, command: 'DATA' });
    const picky = {
      ...postman,
      send: async (...l: Parameters<typeof open>) => {
        if (l[0].to === addressOf(3)) throw refused;
        return open(...l);
      },
    };
    expect(await send(picky)).toEqual({ sent: 11, failed: 1 });
  });

  it('of which one goes to no address at all, are counted, and the others go', async () => {
    const whole = eq(invitation.email, addressOf(0));
    await t.main.update(invitation).set({ email: 'Kari <kari@testvik' }).where(whole);
    const counted = await send();
    expect(counted).toEqual({ sent: 11, failed: 1 });
  });

  it('of which one must wait, keep nobody else waiting, and it comes later', async () => {
    const first = await t.main.select().from(dispatch).where(eq(dispatch.state, 'due')).limit(1);
    const waits = [...invited].find(([, id]) => id === first[0]!.invitationId)![0];
    office.answer = (address) => (address === waits ? 450 : 250);
    expect(await send()).toEqual({ sent: 11, failed: 0 });
    office.answer = () => 250;
    expect(await send()).toEqual({ sent: 1, failed: 0 });
    expect(addresses(office.letters)).toEqual(everybody());
    await works(office.letters.at(-1)!);
  });

  it('wait while the mail server is down, and none is lost', async () => {
    await office.close();
    await expect(send()).rejects.toThrow();
    await expect(send()).rejects.toThrow();
    expect(await mailState(t.main, roundId)).toEqual({ due: 12, sent: 0, failed: 0 });
    await office.open();
    expect(await send()).toEqual({ sent: 12, failed: 0 });
    expect(addresses(office.letters)).toEqual(everybody());
  });

  it('repeat one and lose none when the sender is killed between mail and database, and both links work', async () => {
    const code = `
      const { connectMain } = await import('#server/db.ts');
      const { overSmtp } = await import('#server/mail.ts');
      const { sendDue } = await import('#server/invitations.ts');
      const postman = overSmtp('${office.url()}', 'Medvirk <medvirk@testvik.example>');
      await sendDue(connectMain('${t.mainUrl}').main, postman, '${origin}', () => new Date('${now.toISOString()}'));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    const gone = new Promise((exit) => child.once('exit', (_code, signal) => exit(signal)));
    office.hold = async () => {
      if (office.letters.length === 5) child.kill('SIGKILL');
      if (office.letters.length >= 5) await gone;
    };
    expect(await gone).toBe('SIGKILL');
    const twice = office.letters[4]!.to;
    // PostgreSQL needs a moment to see that the sender is gone; until then it is locked, and left out.
    await expect
      .poll(async () => (await send(), mailState(t.main, roundId)))
      .toMatchObject({ due: 0, sent: 12 });
    expect(addresses(office.letters)).toEqual([...everybody(), twice].sort());
    const both = office.letters.filter((l) => l.to === twice);
    for (const letter of both) await works(letter);
    const [one, two] = both.map((l) => partsOf(l.link).secret) as [Uint8Array, Uint8Array];
    expect(await issue(t.main, roundId, one, someBlinded(), now)).toMatchObject({ ok: true });
    expect(await issue(t.main, roundId, two, someBlinded(), now)).toEqual({ ok: false, refusal: 'fetched' });
  });

  it('go to nobody once the round is over', async () => {
    await t.main.update(round).set({ state: 'stopped' }).where(eq(round.id, roundId));
    expect(await send()).toEqual({ sent: 0, failed: 0 });
    expect(office.letters).toEqual([]);
  });
});

describe('reminders', () => {
  it('go to those who have fetched no paper, with a new secret; the old links stay good', async () => {
    await send();
    const first = office.letters;
    const fetch = (l: Letter) => issue(t.main, roundId, partsOf(l.link).secret, someBlinded(), now);
    for (const letter of first.slice(0, 4)) await fetch(letter);
    await remindAll(t.main, roundId, 1);
    expect(await t.main.select().from(dispatch).where(eq(dispatch.occasion, 1))).toHaveLength(8);
    // Between the asking and the sending, one more fetches.
    await fetch(first[4]!);
    office.letters = [];
    expect(await send()).toEqual({ sent: 7, failed: 0 });
    expect(addresses(office.letters)).toEqual(addresses(first.slice(5)));
    const secrets = [...first, ...office.letters].map((l) => l.link);
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const letter of [...office.letters, ...first.slice(5)]) await works(letter);
    for (const letter of first.slice(0, 5)) await works(letter, 'fetched');
    // Nothing is kept of who was reminded.
    const kept = await t.main.select().from(dispatch).where(gt(dispatch.occasion, 0));
    expect(kept).toEqual([]);
  });

  it('go to the address of the freezing, whatever the staff file says since', async () => {
    await send();
    office.letters = [];
    const first = eq(person.email, addressOf(0));
    await t.main.update(person).set({ email: 'new@testvik.example' }).where(first);
    await remindAll(t.main, roundId, 1);
    const sent = await send();
    const changed = eq(person.email, 'new@testvik.example');
    await t.main
      .update(person)
      .set({ email: addressOf(0) })
      .where(changed);
    expect(sent).toEqual({ sent: 12, failed: 0 });
    expect(addresses(office.letters)).toEqual(everybody());
  });

  it('count nowhere: what is shown of a round is its invitations alone', async () => {
    await send();
    await remindAll(t.main, roundId, 1);
    expect(await mailState(t.main, roundId)).toEqual({ due: 0, sent: 12, failed: 0 });
  });
});

describe('secrets', () => {
  it('are stored nowhere, in no table of either server', async () => {
    await send();
    await remindAll(t.main, roundId, 1);
    await send();
    const secrets = office.letters.map((l) => partsOf(l.link).secret);
    const forms = secrets.flatMap((secret) => {
      const bytes = Buffer.from(secret);
      return [
        bytes.toString('base64url'),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('hex'),
      ];
    });
    const stored: string[] = [];
    for (const sql of [connectMain(t.mainUrl).sql, t.box]) {
      const tables = await sql`select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`;
      for (const { name } of tables)
        for (const row of await sql.unsafe(`select t::text as text from ${name} t`))
          stored.push(row.text as string);
      if (sql !== t.box) await sql.end();
    }
    const all = stored.join('\n');
    // The search finds what is there to find.
    expect(all).toContain(sha256(secrets[0]!).toString('hex'));
    expect(forms.filter((form) => all.includes(form))).toEqual([]);
  });
});

describe('a dry run', () => {
  it('gives its links to a file and sends nothing', async () => {
    expect(await dryRunLinks(t.main, roundId, origin)).toEqual({ ok: false, refusal: 'not-dry-run' });
    const node = {
      id: '0001',
      parent: null,
      part: 'whole',
      name: 'K',
      units: ['K'],
      level: null,
      invited: 12,
    };
    await pastTheRules(t.main, 'round', () =>
      t.main
        .update(round)
        .set({ dryRun: true, tree: { nodes: [{ ...node, part: 'whole', group: true }] } })
        .where(eq(round.id, roundId)),
    );
    expect(await send()).toEqual({ sent: 0, failed: 0 });
    expect(office.letters).toEqual([]);
    const links = await dryRunLinks(t.main, roundId, origin);
    if (!links.ok) throw new Error(links.refusal);
    expect(links.rows).toHaveLength(12);
    const numbers = await t.main
      .select({ number: person.employeeNumber, email: person.email })
      .from(person)
      .innerJoin(invitation, and(eq(invitation.personId, person.id), eq(invitation.roundId, roundId)));
    for (const { person: number, link } of links.rows)
      await works({ to: numbers.find((n) => n.number === number)!.email!, text: '', link });
  });
});
