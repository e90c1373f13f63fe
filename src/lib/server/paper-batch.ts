import { createHash, randomBytes } from 'node:crypto';
import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import * as Choice from '#domain/choice.ts';
import * as Code from '#domain/code.ts';
import type { Help } from '#domain/help.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import * as PaperBatch from '#domain/paper-batch.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { phase } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';
import { ballotsOf, submitTogether } from '#server/box.ts';
import type { Box, Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import type { Gate } from '#server/gate.ts';
import { show } from '#server/issuing.ts';
import { subjects } from '#server/paper-enterers.ts';
import { offersOf } from '#server/resident-page.ts';
import { type Fetched, fetchPaper, prepare, type Round, seal } from '#server/respondent.ts';
import type { RoundRow } from '#server/rounds.ts';

/*
 * Paper forms, typed in by somebody from elsewhere (docs/decisions/paper.md). A batch lies in the browser's page until
 * it is sent. Here each form goes the way of an answer without JavaScript, in memory and in an order of chance; no
 * table, event or log has a line about it.
 */

/** seed: of the page, so that a batch that is sent again counts once. */
export type Batch = { seed: string; forms: PaperBatch.PaperForm[] };

export type FormFault =
  | PaperBatch.Fault
  /** No code of this round. */
  | 'unknown'
  /** Of a group that the one who enters belongs to, or stands over. */
  | 'yours'
  /** Marks that the questionnaire does not have. On paper anything may be skipped. */
  | 'invalid'
  /** Answered already, on paper or on the web. */
  | 'used';

export type EnterRefusal =
  | 'early'
  | 'late'
  /** Fewer than five. */
  | 'too-few'
  | 'too-many'
  /** The survey has open questions, which paper does not: the limit of a comment list counts who could have written. */
  | 'comments'
  /** Some were counted before, and the others are fewer than five: they would come alone. */
  | 'sent-before'
  /** Some forms cannot be entered as they are; none of the batch was. */
  | 'forms';

export type Entered =
  { ok: true; count: number } | { ok: false; refusal: EnterRefusal; faults: Map<number, FormFault> };

export const newSeed = () => base64url(randomBytes(32));

/** The frozen questionnaire, as it stands on the paper. */
export const asked = (main: Main, roundId: string) =>
  json<Questionnaire.Questionnaire>(main, roundId, 'questionnaire.json');

const number = (said: FormDataEntryValue | null) => (/^\d{1,3}$/.test(String(said)) ? Number(said) : null);

/** What a page of so many forms says: fields "0-code", "0-0" and on, "0-about-0" and on, "1-code" … */
export function typed(
  asked: Questionnaire.Questionnaire,
  help: Help,
  form: FormData,
): Batch & { pages: number } {
  const offers = offersOf(asked, help);
  const pages = Math.min(number(form.get('forms')) ?? 0, PaperBatch.most + 1);
  const read = (i: number): PaperBatch.PaperForm => ({
    code: String(form.get(`${i}-code`) ?? '').slice(0, 40),
    answers: Questionnaire.statements(asked).flatMap((one, n) => {
      const chosen = form.getAll(`${i}-${n}`).flatMap((said) => number(said) ?? []);
      return Choice.written(Questionnaire.scaleOf(asked, one), chosen);
    }),
    background: Questionnaire.options(asked).map((most, n) => {
      const chosen = number(form.get(`${i}-about-${n}`)) ?? 0;
      const { kind, options } = asked.background![n]!;
      const option = options[chosen - 1];
      return chosen <= most && option && offers(kind, option.id) ? chosen : 0;
    }),
  });
  const forms = Array.from({ length: pages }, (_, i) => read(i)).filter((one) => !PaperBatch.isUnused(one));
  const seed = String(form.get('seed') ?? '');
  return { seed: fromBase64url(seed)?.length === 32 ? seed : newSeed(), forms, pages };
}

type Ready = {
  at: number;
  secret: Uint8Array;
  seed: Uint8Array;
  tokenHash: Buffer;
  form: PaperBatch.PaperForm;
};

/**
 * Enters a batch: all of it or nothing. First everything that can be looked at without using a code up; then every
 * paper is fetched, until one is refused; then every answer is sealed, and all are handed in at once.
 */
export async function enter(
  main: Main,
  intake: Box,
  gate: Gate,
  of: RoundRow,
  { seed, forms }: Batch,
  now: Date,
): Promise<Entered> {
  const refuse = (refusal: EnterRefusal, faults = new Map<number, FormFault>()): Entered => ({
    ...{ ok: false, refusal, faults },
  });
  const found = await subjects(main, of);
  gate.ask('paper.enter', { enterers: found.values().next().value?.enterers });
  const at = phase(of, now);
  if (at !== 'open') return refuse(at);
  const questionnaire = await asked(main, of.id);
  if (!questionnaire) return refuse('early');
  const faults: Map<number, FormFault> = PaperBatch.faults(forms);
  if (questionnaire.comments) return refuse('comments', faults);
  if (forms.length > PaperBatch.most) return refuse('too-many', faults);
  const round = await prepare(main, of.id, fingerprintSigns(of.fingerprint!));

  const ready: Ready[] = [];
  for (const [i, form] of forms.entries()) {
    if (faults.has(i)) continue;
    const code = Code.read(form.code)!;
    const secret = await Code.secretOf(code, of.id);
    const shown = await show(main, of.id, secret, now);
    if (!shown.ok) faults.set(i, 'unknown');
    else if (!gate.may('paper.read', found.get(shown.group))) faults.set(i, 'yours');
    else if (!Tally.fits(questionnaire, form.answers)) faults.set(i, 'invalid');
    else ready.push(await readied(round, i, form, secret, `${seed} ${code}`));
  }
  if (faults.size > 0) return refuse('forms', faults);
  if (forms.length < PaperBatch.smallest) return refuse('too-few');
  if (await isMixed(intake, of.id, ready)) return refuse('sent-before');

  const fetched = new Map<number, Fetched>();
  // By what the codes give, which is chance. Two who enter the same forms at once meet at the first of them.
  for (const { at, secret, seed } of ready.toSorted((a, b) => Buffer.compare(a.secret, b.secret))) {
    const one = await fetchPaper(main, round, secret, now, seed);
    if (one.ok) fetched.set(at, one.paper);
    else if (one.refusal === 'unknown') return refuse('forms', new Map([[at, 'used']]));
    else if (one.refusal === 'late') return refuse('late');
    else throw new Error(`A paper form was refused: ${one.refusal}`);
  }

  const sent = ready.map(({ at, form }) => seal(round, fetched.get(at)!, form.answers, form.background));
  const done = await submitTogether(intake, of.id, await Promise.all(sent), PaperBatch.smallest);
  if (done.ok) return { ok: true, count: forms.length };
  if (done.refusal === 'few') return refuse('sent-before');
  if (done.refusal === 'late') return refuse('late');
  throw new Error(`A batch of paper forms was refused: ${done.refusal}`);
}

/** A form's own seed comes of the page's and the code: another code is another paper, the same one the same. */
async function readied(
  round: Round,
  at: number,
  form: PaperBatch.PaperForm,
  secret: Uint8Array,
  from: string,
): Promise<Ready> {
  const seed = createHash('sha256').update(`medvirk paper form ${from}`).digest();
  const { token } = await Ballot.paper(seed, round.fingerprint);
  return { at, form, secret, seed, tokenHash: Buffer.from(await Ballot.tokenHash(token)) };
}

/**
 * Whether some of a batch are in the box already and the others are fewer than a batch: they would come alone. Looked at before any
 * paper is fetched, so that it uses no code up; the box looks again as it puts them.
 */
async function isMixed(intake: Box, roundId: string, ready: Ready[]): Promise<boolean> {
  const hashes = ready.map(({ tokenHash }) => tokenHash);
  const held = await intake`
    select token_hash from ${intake(ballotsOf(roundId))} where token_hash in ${intake(hashes)}`;
  const others = ready.length - held.length;
  return others > 0 && others < PaperBatch.smallest;
}
