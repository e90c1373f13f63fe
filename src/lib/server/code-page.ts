import { randomBytes } from 'node:crypto';
import * as Ballot from '#domain/ballot.ts';
import * as Choice from '#domain/choice.ts';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import * as Comment from '#domain/comment.ts';
import { type GroupFile, type GroupWords, type Keylist, fingerprintSigns } from '#domain/keylist.ts';
import { offered } from '#domain/language.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import * as Tally from '#domain/tally.ts';
import type { Box, Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import { show } from '#server/issuing.ts';
import * as resident from '#server/resident-page.ts';
import { answer, prepare } from '#server/respondent.ts';
import { find, type RoundRow } from '#server/rounds.ts';

/*
 * The way without JavaScript, for those who hold a drawn code (design section 3): the server does in one request, in
 * memory, what the page's script else does on the device. So the page says beforehand what that means. Nothing here is
 * stored or logged, and what was typed goes back into the page when something is wrong.
 */

export type Frozen = {
  round: RoundRow;
  language: string;
  languages: string[];
  keylist: Keylist;
  questionnaire: Questionnaire.Questionnaire;
};

/** A round that takes codes, in one of its languages; null when there is none. */
export async function read(main: Main, roundId: string, language: string): Promise<Frozen | null> {
  const round = await find(main, roundId);
  const keylist = await json<Keylist>(main, roundId, 'keylist.json');
  const asked = await json<Questionnaire.Questionnaire>(main, roundId, 'questionnaire.json');
  if (!round?.fingerprint || !keylist || !asked) return null;
  // What was frozen before nothing could be demanded of residents is voluntary here too.
  const questionnaire = Questionnaire.askedBy(asked, true);
  const languages = offered(questionnaire).filter((one) => keylist.files[`${one}/`]);
  if (!languages.includes(language) || !keylist.groups.some(({ codes }) => codes)) return null;
  return { round, language, languages, keylist, questionnaire };
}

/**
 * What a form says: the code as typed, the seed that the page was given, the marks of a ballot and one per background
 * question. isShort: of a resident, the simplified edition.
 */
export type Typed = {
  code: string;
  isShort?: boolean;
  seed: string;
  answers: number[];
  background: number[];
  comments?: string[];
};

export function typed({ round, questionnaire }: Frozen, form: FormData): Typed {
  const field = (name: string | number) => String(form.get(String(name)) ?? '');
  const number = (said: FormDataEntryValue) => (/^\d{1,3}$/.test(String(said)) ? [Number(said)] : []);
  const isShort = (field('edition-to') || field('edition')) === 'simple' && resident.hasShort(questionnaire);
  const answers = Questionnaire.statements(questionnaire).flatMap((one, i) => {
    // What the simplified edition leaves out is taken away, so that nothing unseen is sent.
    const chosen = one.simple || !isShort ? form.getAll(String(i)).flatMap(number) : [];
    return Choice.written(Questionnaire.scaleOf(questionnaire, one), chosen);
  });
  const background = Questionnaire.options(questionnaire).map((most, i) => {
    const chosen = /^\d{1,2}$/.test(field(`about-${i}`)) ? Number(field(`about-${i}`)) : 0;
    const asked = questionnaire.background?.[i];
    const option = asked?.options[chosen - 1];
    const offered = option && resident.offersOf(questionnaire, round.help)(asked.kind, option.id);
    return chosen <= most && offered ? chosen : 0;
  });
  const comments = (questionnaire.comments ?? []).map((_, i) => field(`comment-${i}`).slice(0, 5000));
  return { code: field('code').slice(0, 100), isShort, seed: field('seed'), answers, background, comments };
}

/** wrong: the code; invalid: what was chosen; long: a comment; lacking: something that must be answered is not. */
type SheetRefusal = 'wrong' | 'invalid' | 'long' | 'lacking';
type Told = { group: GroupWords; stops: Date };
export type View =
  | { view: 'code'; code: string; wrong: boolean }
  | { view: 'sheet'; typed: Typed; told: Told | null; refusal: SheetRefusal | null }
  | { view: 'done'; receipt: string; before: boolean }
  | { view: 'early'; opens: Date }
  | { view: 'late' };

/** Shows a code: the sheet for its group, with a new seed. Changes nothing. */
async function begin(main: Main, of: Frozen, words: Typed, now: Date): Promise<View> {
  const wrong: View = { view: 'code', code: words.code, wrong: true };
  const code = Code.read(words.code);
  if (!code) return wrong;
  const shown = await show(main, of.round.id, await Code.secretOf(code, of.round.id), now);
  if (!shown.ok) return shown.refusal === 'late' ? { view: 'late' } : wrong;
  if (shown.phase === 'early') return { view: 'early', opens: shown.opens };
  if (shown.phase === 'late') return { view: 'late' };
  const group = (await json<GroupFile>(main, of.round.id, `group/${shown.group}`))![of.language]!;
  const typed = { ...words, seed: base64url(randomBytes(32)) };
  return { view: 'sheet', typed, told: { group, stops: shown.stops }, refusal: null };
}

/**
 * Takes what was typed. Without a seed: shows the code. With one: fetches, seals and hands in, in memory. The seed is in
 * the page alone, so that pressing twice, or sending again after the network was lost, asks for the same paper and counts once.
 */
export async function take(main: Main, intake: Box, of: Frozen, words: Typed, now: Date): Promise<View> {
  const seed = fromBase64url(words.seed);
  if (seed?.length !== 32) return await begin(main, of, words, now);
  const refuse = (refusal: SheetRefusal): View => ({
    view: 'sheet',
    typed: words,
    told: null,
    refusal,
  });
  const code = Code.read(words.code);
  if (!code) return refuse('wrong');
  if (!Tally.fits(of.questionnaire, words.answers)) return refuse('invalid');
  // Browsers count signs and we count bytes; nothing is cut off that somebody wrote.
  if (words.comments?.some((one) => !Comment.fits(one.replaceAll('\r', '')))) return refuse('long');
  if (Tally.lacking(of.questionnaire, words.answers).length > 0) return refuse('lacking');
  const signs = fingerprintSigns(of.round.fingerprint!);
  const prepared = await prepare(main, of.round.id, signs);
  const secret = await Code.secretOf(code, of.round.id);
  const { answers, background, comments } = words;
  const done = await answer(main, intake, prepared, secret, answers, now, seed, background, comments);
  if (done.ok) return { view: 'done', receipt: done.receipt, before: false };
  if (done.refusal === 'used') {
    const { token } = await Ballot.paper(seed, prepared.fingerprint);
    return { view: 'done', receipt: await Ballot.receipt(token), before: true };
  }
  if (done.refusal === 'late') return { view: 'late' };
  if (done.refusal === 'early') return { view: 'early', opens: of.round.opensAt };
  return refuse(done.refusal === 'unknown' ? 'wrong' : 'invalid');
}

/** The same page in another language or edition, with all that was typed and chosen. Nothing is shown to anybody or handed in. */
export const turn = (words: Typed): View =>
  fromBase64url(words.seed)?.length === 32
    ? { view: 'sheet', typed: words, told: null, refusal: null }
    : { view: 'code', code: words.code, wrong: false };

/** True when what was shown was no code, or a used one. */
export const isWrong = (view: View): boolean =>
  (view.view === 'code' && view.wrong) || (view.view === 'sheet' && view.refusal === 'wrong');
