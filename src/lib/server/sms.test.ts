import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { eq, isNotNull } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { part, septets } from '#domain/sms.ts';
import { connectMain } from '#server/db.ts';
import { inviteAll, mailState, remindAll, sendDue, sendTexts, smsState } from '#server/invitations.ts';
import { issue, show } from '#server/issuing.ts';
import { intoMemory } from '#server/mail.ts';
import { partsOf } from '#server/respondent.ts';
import { dispatch, invitation, person, round } from '#server/schema.ts';
import { read, shown } from '#server/settings.ts';
import * as sms from '#server/sms.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { now, openRound, type Papers, someBlinded } from '#tests/support/papers.ts';
import { smsProvider, type Taken } from '#tests/support/sms-provider.ts';
import { town } from '#tests/support/town.ts';

const origin = 'https://svar.testvik.example';
const token = 'a-token-that-nobody-reads';
const provider = smsProvider();
const many = 8;
let t: TestDatabases;
let papers: Papers;
let roundId: string;
/** By number: the invitation. Beside them, one who is invited by e-mail. */
let invited: Map<string, string>;

const carrier = (timeout?: number) =>
  sms.overHttp({ url: provider.url(), token, sender: 'Testvik' }, timeout);
const send = (by = carrier(), main = t.main, clock = () => now) => sendTexts(main, by, origin, clock);
const numbers = () => [...invited.keys()].sort();
const reached = () => [...provider.phones.values()].map(({ to }) => to).sort();
const linkOf = ({ text }: Taken) => /https?:\S+$/.exec(text)![0];
const secretOf = (of: Taken) => partsOf(linkOf(of)).secret;

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  await provider.open();
  papers = await openRound(t, { groups: 1, each: many + 1 });
  roundId = papers.roundId;
  await pastTheRules(t.main, 'round', () =>
    t.main
      .update(round)
      .set({ fingerprint: randomBytes(32), sms: true })
      .where(eq(round.id, roundId)),
  );
  const people = await t.main
    .select()
    .from(person)
    .where(isNotNull(person.email))
    .limit(many + 1);
  invited = new Map();
  for (const [i, { id: personId, email }] of people.entries()) {
    const of = eq(invitation.id, papers.held[i]!.invitationId);
    const mobile = i < many ? `+474123450${i}` : null;
    await t.main
      .update(invitation)
      .set({ personId, email: mobile === null ? email : null, mobile })
      .where(of);
    if (mobile) invited.set(mobile, papers.held[i]!.invitationId);
  }
});
beforeEach(() => inviteAll(t.main, roundId));
afterEach(async () => {
  provider.forget();
  await t.main.delete(dispatch);
});
afterAll(async () => {
  await provider.close();
  await t.stop();
});

describe('text messages', () => {
  it('reach each number once, in one part, with a link of its own that works, and no e-mail address', async () => {
    expect(await send()).toEqual({ sent: many, failed: 0 });
    expect(reached()).toEqual(numbers());
    for (const one of provider.posted) {
      expect(one).toMatchObject({ from: 'Testvik' });
      expect(one.headers).toMatchObject({
        authorization: `Bearer ${token}`,
        'idempotency-key': one.reference,
      });
      expect(septets(one.text)).toBeLessThanOrEqual(part);
      expect(linkOf(one).startsWith(`${origin}/svar/${roundId}/nb#`)).toBe(true);
      expect(await show(t.main, roundId, secretOf(one), now)).toMatchObject({ ok: true, state: 'ready' });
    }
    expect(await send()).toEqual({ sent: 0, failed: 0 });
    expect(await smsState(t.main, roundId)).toEqual({ due: 0, sent: many, failed: 0 });
    expect(await mailState(t.main, roundId)).toEqual({ due: 1, sent: 0, failed: 0 });
    const box = intoMemory();
    expect(await sendDue(t.main, box, origin, () => now)).toEqual({ sent: 1, failed: 0 });
    expect(box.kept).toHaveLength(1);
  });

  it('reach each once, also when two processes send at the same moment', async () => {
    // The first waits for its answer until the other process has one under way too.
    const both = Promise.withResolvers<void>();
    provider.hold = async () => {
      if (provider.posted.length > 1) both.resolve();
      await both.promise;
    };
    const other = connectMain(t.mainUrl);
    const counts = await Promise.all([send(), send(carrier(), other.main)]);
    await other.sql.end();
    expect(provider.posted.map(({ to }) => to).sort()).toEqual(numbers());
    expect(counts.map((c) => c.sent > 0)).toEqual([true, true]);
  });

  it('wait through the night, also when the clock passes eight in the evening on the way', async () => {
    const night = new Date('2027-03-01T22:00:00Z');
    expect(await send(carrier(), t.main, () => night)).toEqual({ sent: 0, failed: 0 });
    expect(provider.posted).toEqual([]);
    // The answer to the third is what the clock waits for.
    const evening = () =>
      new Date(provider.posted.length < 3 ? '2027-03-01T18:59:59Z' : '2027-03-01T19:00:00Z');
    expect(await send(carrier(), t.main, evening)).toEqual({ sent: 3, failed: 0 });
    expect(await smsState(t.main, roundId)).toEqual({ due: many - 3, sent: 3, failed: 0 });
    const morning = new Date('2027-03-02T07:00:00Z');
    expect(await send(carrier(), t.main, () => morning)).toEqual({ sent: many - 3, failed: 0 });
    expect(reached()).toEqual(numbers());
  });

  it('of which one is refused for good are counted, one that must wait comes later, and the others go', async () => {
    const [refused, waits] = numbers();
    provider.answer = ({ to }) => (to === refused ? 422 : to === waits ? 400 : 200);
    expect(await send()).toEqual({ sent: many - 2, failed: 1 });
    expect(await smsState(t.main, roundId)).toEqual({ due: 1, sent: many - 2, failed: 1 });
    provider.answer = () => 200;
    expect(await send()).toEqual({ sent: 1, failed: 0 });
    expect(reached()).toEqual(numbers().filter((one) => one !== refused));
  });

  it.each([500, 502, 503, 429, 401, 403, 404, 302, 308])(
    'wait when the provider answers %i, and none is lost or counted as refused',
    async (status) => {
      provider.answer = () => status;
      await expect(send()).rejects.toThrow(`${status}`);
      expect(provider.posted).toHaveLength(1);
      expect(await smsState(t.main, roundId)).toEqual({ due: many, sent: 0, failed: 0 });
      provider.answer = () => 200;
      expect(await send()).toEqual({ sent: many, failed: 0 });
      expect(reached()).toEqual(numbers());
    },
  );

  it('are not doubled on the phone when the provider is so slow that we ask again; both links work', async () => {
    const gaveUp = Promise.withResolvers<void>();
    provider.hold = () => gaveUp.promise;
    await expect(send(carrier(1000))).rejects.toThrow('cannot be reached');
    gaveUp.resolve();
    expect(await send()).toEqual({ sent: many, failed: 0 });
    expect(reached()).toEqual(numbers());
    const twice = provider.posted.filter(({ to }) => to === provider.posted[0]!.to);
    expect(twice).toHaveLength(2);
    expect(new Set(twice.map(({ reference }) => reference)).size).toBe(1);
    expect(new Set(twice.map(linkOf)).size).toBe(2);
    for (const one of twice)
      expect(await show(t.main, roundId, secretOf(one), now)).toMatchObject({ ok: true, state: 'ready' });
  });

  it('repeat none on a phone and lose none when the sender is killed between provider and database', async () => {
    const code = `
      const { connectMain } = await import('#server/db.ts');
      const { overHttp } = await import('#server/sms.ts');
      const { sendTexts } = await import('#server/invitations.ts');
      const carrier = overHttp({ url: '${provider.url()}', token: 'x', sender: 'Testvik' });
      await sendTexts(connectMain('${t.mainUrl}').main, carrier, '${origin}', () => new Date('${now.toISOString()}'));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    const gone = new Promise((exit) => child.once('exit', (_code, signal) => exit(signal)));
    provider.hold = async () => {
      if (provider.posted.length === 3) child.kill('SIGKILL');
      if (provider.posted.length >= 3) await gone;
    };
    expect(await gone).toBe('SIGKILL');
    provider.hold = async () => {};
    await expect
      .poll(async () => (await send(), smsState(t.main, roundId)))
      .toMatchObject({ due: 0, sent: many });
    expect(provider.posted).toHaveLength(many + 1);
    expect(reached()).toEqual(numbers());
  });

  it('say nothing of number, text or token in what is thrown', async () => {
    const faults: unknown[] = [];
    provider.answer = () => 500;
    await send().catch((fault: unknown) => faults.push(fault));
    const gaveUp = Promise.withResolvers<void>();
    provider.hold = () => gaveUp.promise;
    await send(carrier(50)).catch((fault: unknown) => faults.push(fault));
    gaveUp.resolve();
    await send(sms.overHttp({ url: 'http://127.0.0.1:1/', token, sender: 'Testvik' })).catch(
      (fault: unknown) => faults.push(fault),
    );
    expect(faults).toHaveLength(3);
    const [{ to, text }] = provider.posted as [Taken];
    for (const fault of faults as Error[]) {
      expect(fault.cause).toBeUndefined();
      const told = `${fault.stack} ${JSON.stringify(fault, Object.getOwnPropertyNames(fault))}`;
      expect(told).toContain('SMS provider');
      for (const secret of [to, to.slice(3), token, text, linkOf({ text } as Taken)])
        expect(told).not.toContain(secret);
    }
  });

  it('go to no number that is none', async () => {
    const [first] = [...invited.values()];
    const whole = eq(invitation.id, first!);
    await t.main.update(invitation).set({ mobile: '41234500' }).where(whole);
    const counted = await send();
    await t.main.update(invitation).set({ mobile: '+4741234500' }).where(whole);
    expect(counted).toEqual({ sent: many - 1, failed: 1 });
  });
});

describe('reminders by text message', () => {
  it('go to those who have fetched no paper, by day, under another reference, and nothing of them is kept', async () => {
    await send();
    const first = provider.posted.slice();
    for (const one of first.slice(0, 3)) await issue(t.main, roundId, secretOf(one), someBlinded(), now);
    await remindAll(t.main, roundId, 1);
    provider.forget();
    const night = new Date('2027-03-08T05:00:00Z');
    expect(await send(carrier(), t.main, () => night)).toEqual({ sent: 0, failed: 0 });
    // While the reminder waits for the morning, one more fetches.
    await issue(t.main, roundId, secretOf(first[3]!), someBlinded(), now);
    const morning = new Date('2027-03-08T07:00:00Z');
    expect(await send(carrier(), t.main, () => morning)).toEqual({ sent: many - 4, failed: 0 });
    expect(reached()).toEqual(
      first
        .slice(4)
        .map(({ to }) => to)
        .sort(),
    );
    const references = [...first, ...provider.posted].map(({ reference }) => reference);
    expect(new Set(references).size).toBe(references.length);
    for (const { text } of provider.posted)
      expect(text).toMatch(/^Du kan fortsatt svare\. Siste dag er \d+\.\d+\./);
    const kept = await t.main.select().from(dispatch);
    expect(kept.filter(({ occasion, state }) => occasion > 0 && state !== 'due')).toEqual([]);
    expect(kept.filter(({ occasion }) => occasion > 0)).toHaveLength(1);
  });
});

describe('what a message says', () => {
  const link = `${origin}/svar/abcdefgh/nb#${'x'.repeat(22)}.${'x'.repeat(32)}`;
  it.each([
    ['ends at midnight', '2027-03-21T23:00:00Z', '21.3.'],
    ['ends a minute before', '2027-03-21T22:59:00Z', '21.3.'],
    ['ends in the morning', '2027-12-22T07:00:00Z', '22.12.'],
  ])('names the last day when the round %s', (_, stopsAt, day) => {
    for (const occasion of [0, 1]) {
      const text = sms.words(occasion, link, new Date(stopsAt), 'nb');
      expect(text).toContain(`${day}: ${link}`);
    }
  });

  it.each(['nb', 'nn', 'en'] as const)('%s: every sign of it is one that every phone has', (locale) => {
    for (const occasion of [0, 1])
      for (const aboutLeader of [false, true]) {
        const text = sms.words(occasion, link, now, locale, aboutLeader);
        expect([text, septets(text)! <= part]).toEqual([text, true]);
      }
  });

  it('is said in the language that the municipality chose, with a link to the page in it', async () => {
    expect(await sendTexts(t.main, carrier(), origin, () => now, 'nn')).toEqual({ sent: many, failed: 0 });
    for (const one of provider.posted) {
      expect(one.text).toContain('Sei kva du meiner om jobben.');
      expect(linkOf(one).startsWith(`${origin}/svar/${roundId}/nn#`)).toBe(true);
    }
  });
});

describe('settings', () => {
  const given = {
    ORIGIN: 'https://medvirk.fjordvik.no',
    SMS_URL: 'https://sms.example/send?key=another-secret',
    SMS_TOKEN: token,
    SMS_SENDER: 'Fjordvik',
  };
  it('are taken, and show no token', () => {
    const answer = read(given);
    if (!answer.ok) throw new Error(answer.faults.join());
    expect(answer.settings).toMatchObject({
      SMS_URL: given.SMS_URL,
      INVITATION_LANGUAGE: 'nb',
      SMS_TOKEN: token,
      SMS_SENDER: 'Fjordvik',
    });
    expect(JSON.stringify(shown(answer.settings))).not.toMatch(new RegExp(`${token}|another-secret`));
  });
  it.each([
    ['an address without TLS', { SMS_URL: 'http://sms.example/send' }, 'SMS_URL må begynne med https://'],
    ['a password in the address', { SMS_URL: 'https://a:b@sms.example/' }, 'SMS_TOKEN'],
    ['no token', { SMS_TOKEN: '' }, 'SMS_TOKEN og SMS_SENDER må være satt'],
    ['no sender', { SMS_SENDER: '' }, 'SMS_TOKEN og SMS_SENDER må være satt'],
    ['a long sender', { SMS_SENDER: 'Fjordvik kommune' }, 'SMS_SENDER må være 1 til 11 tegn'],
  ])('refuse %s', (_, over, sentence) => {
    const answer = read({ ...given, ...over });
    expect(answer.ok ? [] : answer.faults).toContainEqual(expect.stringContaining(sentence));
  });
  it('refuse an address that leaves no room in one message, to the sign, and only where messages are sent', () => {
    const most = `https://${'x'.repeat(60)}.no`;
    const answer = read({ ...given, ORIGIN: most });
    const said = answer.ok ? '' : answer.faults.join();
    const fits = Number(/høyst (\d+)/.exec(said)![1]);
    expect(said).toContain('Velg et kortere vertsnavn');
    expect(fits).toBeGreaterThan('https://medarbeider.midtre-gauldal.no'.length);
    const long = (length: number) => `https://${'x'.repeat(length - 'https://.no'.length)}.no`;
    expect(read({ ...given, ORIGIN: long(fits) }).ok).toBe(true);
    expect(read({ ...given, ORIGIN: long(fits + 1) }).ok).toBe(false);
    expect(read({ ORIGIN: most }).ok).toBe(true);
  });
});
