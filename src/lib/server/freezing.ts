import { createHash, generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { plainSize, sealedSize } from '#domain/ballot.ts';
import { marks } from '#domain/choice.ts';
import { base64url, type Bytes, utf8 } from '#domain/bytes.ts';
import { closingKeyPair, writeClosingKey } from '#domain/closing-key.ts';
import * as Comment from '#domain/comment.ts';
import type { Help } from '#domain/help.ts';
import * as Keylists from '#domain/keylist.ts';
import { offered, wordsIn } from '#domain/language.ts';
import { locksOf } from '#domain/opening.ts';
import { askedBy, canonical, options, type Questionnaire } from '#domain/questionnaire.ts';
import * as Round from '#domain/round.ts';
import * as Witness from '#domain/witness.ts';
import { render } from '#server/answer-page.ts';
import * as approvals from '#server/approvals.ts';
import * as box from '#server/box.ts';
import * as codes from '#server/codes.ts';
import * as commentReaders from '#server/comment-readers.ts';
import { type Box, chunks, type Main } from '#server/db.ts';
import { aboutLeader } from '#server/evaluation-words.ts';
import * as evaluations from '#server/evaluations.ts';
import type { Permit } from '#server/gate.ts';
import * as holders from '#server/holders.ts';
import * as house from '#server/house.ts';
import { type Invited, invited, isUnreached } from '#server/invited.ts';
import { nodeName } from '#server/node-names.ts';
import { smsWorks } from '#server/postman.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { find, take } from '#server/rounds.ts';
import * as said from '#server/said.ts';
import {
  boxCopyKey,
  byHand,
  demoClosingKey,
  invitation,
  rollCheck,
  round,
  roundFile,
  signingKey,
} from '#server/schema.ts';
import { settings } from '#server/settings.ts';
import * as showCard from '#server/show-card.ts';
import * as smallUnits from '#server/small-units.ts';
import * as witnessScript from '#server/witness-script.ts';
import * as witnesses from '#server/witnesses.ts';

export type FreezeRefusal =
  | Round.Refusal
  | 'unknown'
  /** The two database servers are not fit to keep answers; faults say why. */
  | 'servers'
  /** Not all three witnesses have made their keys, or one of them may no longer be a witness. */
  | 'witnesses'
  /** Comments are on, and the two who were to read them may not, or witnesses hold the keys, or nothing open is asked. */
  | 'comments'
  /** Nobody, or fewer than the floor, would be invited. */
  | 'nobody'
  /** What HR chose for small units no longer fits the staff: look at it again. */
  | 'small-units'
  /** Something that must come before is not recorded: see approvals.missing. */
  | 'approval'
  /** A body outside holds the key: only the person named there freezes, once the round is handed over. */
  | 'outside'
  /** It is to send text messages, and nobody is set up to send them. */
  | 'sms'
  /** The staff changed while the round was frozen: look at the groups again. */
  | 'changed';

export type Progress = (done: number, of: number) => void;

/** Ballots are padded to whole blocks, so that their length tells nothing. */
const block = 64;
const modulusLength = 3072;
const makeKeyPair = promisify(generateKeyPair);
const squeeze = promisify(brotliCompress);
const sha256 = (bytes: Uint8Array) => base64url(createHash('sha256').update(bytes).digest());
const cspHash = (bytes: Uint8Array) => `'sha256-${createHash('sha256').update(bytes).digest('base64')}'`;

/**
 * Freezes a round (design section 3 step 1): the tree and its groups, one key per group, the bytes that everybody
 * who answers will get, and their fingerprint. Gives the closing key's file, once: it is kept nowhere but in a demo.
 * With witnesses there is no key to give: keyFile is empty, and only their public halves have ever been here.
 */
export async function freeze(
  main: Main,
  boxDb: Box,
  roundId: string,
  now: Date,
  permit: Permit<'round.freeze'>,
  progress: Progress = () => {},
): Promise<
  | { ok: true; keyFile: string; fingerprint: string }
  | { ok: false; refusal: FreezeRefusal; faults?: string[] }
> {
  const found = await find(main, roundId);
  if (!found) return { ok: false, refusal: 'unknown' };
  const stepped = Round.step(found, 'freeze', now);
  if (!stepped.ok) return stepped;
  if (!holders.mayFreeze(found, permit.by)) return { ok: false, refusal: 'outside' };
  // What is recorded is never taken away, so that it still holds when the round is locked below.
  if ((await approvals.missing(main, found)).some((one) => one.blocks))
    return { ok: false, refusal: 'approval' };
  if (found.sms && !(await smsWorks(main))) return { ok: false, refusal: 'sms' };
  const faults = await box.faults(main, boxDb);
  if (faults.length > 0) return { ok: false, refusal: 'servers', faults };
  const who = await invited(main, found);
  const groups = who.tree.nodes.filter((n) => n.group);
  if (groups.length === 0) return { ok: false, refusal: 'nobody' };
  if ((await smallUnits.inTheWay(main, found, who)).length > 0) return { ok: false, refusal: 'small-units' };
  const asked = await questionnaires.byId(main, found.questionnaireId);
  if (!asked) return { ok: false, refusal: 'unknown' };
  const held = await witnesses.rows(main, roundId);
  const byWitnesses = found.promise === 'witnesses';
  if (byWitnesses && !(Witness.isReady(held) && (await witnesses.areFit(main, found, held, now))))
    return { ok: false, refusal: 'witnesses' };
  const points = held.map(({ point }) => point);
  const reading = await commentReaders.atFreezing(main, found, asked.content, who, now);
  if (!reading.ok) return { ok: false, refusal: 'comments' };
  const { readers } = reading;
  const comments = readers ? { ...Comment.limits, readers: readers.map(({ name }) => name) } : undefined;
  const questionnaire = askedBy(asked.content, readers !== null);

  const keys = await signingKeys(
    groups.map((g) => g.id),
    progress,
  );
  const closing = byWitnesses ? null : await closingKeyPair(webcrypto as Crypto);
  const locks = closing ? [[closing.publicKey]] : locksOf(points as [string, string, string]);
  const { demo } = await house.read(main);
  const last = await said.last(main, groups, asked.content.kind, now);
  const needs = codes.needs(who, found.reserve);
  const holder = found.outsideBody ?? undefined;
  const of = { ...found, demo, needs, comments, holder };
  const files = await frozenFiles(of, questionnaire, who, last, keys, locks);
  const fingerprint = await Keylists.fingerprint(files.keylist);
  const signs = Keylists.fingerprintSigns(fingerprint);
  const keyFile = closing ? await writeClosingKey(closing, roundId, signs) : '';

  const frozen = take(main, roundId, 'freeze', now, permit.by, {
    also: async (tx, locked) => {
      const still = await invited(tx, locked);
      const asPlanned = isDeepStrictEqual({ ...locked, state: null }, { ...found, state: null });
      if (!asPlanned || !isDeepStrictEqual([still.tree, still.groupOf], [who.tree, who.groupOf]))
        throw new Changed();
      const pointsNow = (await witnesses.rows(tx, roundId)).map(({ point }) => point);
      if (!isDeepStrictEqual(pointsNow, points)) throw new Changed();
      const readersNow = await commentReaders.atFreezing(tx, found, asked.content, still, now);
      if (!isDeepStrictEqual(readersNow, reading)) throw new Changed();
      // Under the round's lock: of two who freeze at once, the second must not make the table of the first anew.
      await box.make(boxDb, roundId, sealedSize(locks.length, files.sealedPlain));
      await tx
        .update(round)
        .set({ tree: who.tree, fingerprint, keyShown: demo || byWitnesses })
        .where(eq(round.id, roundId));
      await tx.delete(roundFile).where(eq(roundFile.roundId, roundId));
      for (const rows of chunks(
        files.rows.map((f) => ({ roundId, ...f })),
        200,
      ))
        await tx.insert(roundFile).values(rows);
      for (const rows of chunks(
        [...keys].map(([groupId, k]) => ({ roundId, groupId, privateKey: k.privateKey })),
        500,
      ))
        await tx.insert(signingKey).values(rows);
      const invitations = who.people
        .filter((one) => !isUnreached(one))
        .map(({ id: personId, email, mobile }) => {
          const groupId = who.groupOf.get(personId)!;
          return { roundId, personId, groupId, email, mobile, draftKey: randomBytes(32) };
        });
      for (const rows of chunks(invitations, 1000)) await tx.insert(invitation).values(rows);
      await evaluations.keep(tx, roundId, still.leaders ?? []);
      await codes.deal(tx, roundId, who, needs);
      if (demo && closing) await tx.insert(demoClosingKey).values({ roundId, keyFile });
    },
  });
  const taken = await frozen.catch((fault: unknown) => {
    if (fault instanceof Changed) return { ok: false as const, refusal: 'changed' as const };
    throw fault;
  });
  return taken.ok ? { ok: true, keyFile, fingerprint: signs } : taken;
}

class Changed extends Error {}

/** Thaws a frozen round that has not opened: its keys, invitations and fingerprint are gone, and the next are new. */
export const thaw = (main: Main, roundId: string, now: Date, permit: Permit<'round.freeze'>) =>
  take(main, roundId, 'thaw', now, permit.by, {
    also: async (tx) => {
      await tx.delete(rollCheck).where(eq(rollCheck.roundId, roundId));
      await tx.delete(byHand).where(eq(byHand.roundId, roundId));
      await tx.delete(invitation).where(eq(invitation.roundId, roundId));
      await tx.delete(signingKey).where(eq(signingKey.roundId, roundId));
      await tx.delete(roundFile).where(eq(roundFile.roundId, roundId));
      await tx.delete(demoClosingKey).where(eq(demoClosingKey.roundId, roundId));
      await evaluations.forget(tx, roundId);
      await tx.delete(boxCopyKey).where(eq(boxCopyKey.roundId, roundId));
      await tx
        .update(round)
        .set({ tree: null, fingerprint: null, keyShown: false })
        .where(eq(round.id, roundId));
    },
  });

type KeyPair = { privateKey: Uint8Array; publicKey: Uint8Array };

/** One RSA-3072 key per group, made beside the event loop, a few at a time. */
async function signingKeys(groupIds: string[], progress: Progress): Promise<Map<string, KeyPair>> {
  const made = new Map<string, KeyPair>();
  const waiting = groupIds.toReversed();
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const pair = await makeKeyPair('rsa', {
        modulusLength,
        publicExponent: 65537,
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      });
      made.set(id, pair);
      progress(made.size, groupIds.length);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return made;
}

type Row = { path: string; contentType: string; csp: string | null; bytes: Uint8Array; brotli: Uint8Array };

async function frozenFiles(
  of: {
    id: string;
    name: string;
    dryRun: boolean;
    demo: boolean;
    thresholds: Round.Thresholds;
    needs: codes.Needs;
    help: Help;
    promise: Keylists.Keylist['promise'];
    holder?: string;
    comments?: Keylists.Keylist['comments'];
  },
  questionnaire: Questionnaire,
  { tree, unitNames }: Pick<Invited, 'tree' | 'unitNames'>,
  last: Awaited<ReturnType<typeof said.last>>,
  keys: Map<string, KeyPair>,
  locks: string[][],
) {
  const rows: Row[] = [];
  const add = async (path: string, contentType: string, bytes: Bytes, csp: string | null = null) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    rows.push({ path, contentType, csp, bytes, brotli: await squeeze(bytes, { params }) });
    return sha256(bytes);
  };
  const built = async (name: string) => new Uint8Array(await readFile(`build-answer/${name}`));
  // Residents get an edition of their own, under the same addresses.
  const edition = questionnaire.kind === 'resident' ? 'resident' : 'answer';
  const [script, style] = [await built(`${edition}.js`), await built(`${edition}.css`)];
  const files: Record<string, string> = {};
  files['questionnaire.json'] = await add(
    'questionnaire.json',
    'application/json',
    utf8(canonical(questionnaire)),
  );
  // Not for those who answer: for witnesses who open, so that the tree they count by is the one that was frozen.
  files['tree.json'] = await add('tree.json', 'application/json', utf8(JSON.stringify(tree)));
  files['answer.js'] = await add('answer.js', 'text/javascript; charset=utf-8', script);
  files['answer.css'] = await add('answer.css', 'text/css; charset=utf-8', style);

  const { ORIGIN, BOX_ORIGIN } = settings();
  const boxOrigin = BOX_ORIGIN === ORIGIN ? '' : BOX_ORIGIN;
  const csp = [
    `default-src 'none'`,
    // The hash for browsers that take it for a file; for the others 'self', and the page's own integrity attribute.
    `script-src ${cspHash(script)} 'self'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `connect-src 'self' ${boxOrigin}`.trim(),
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  const languages = offered(questionnaire);
  for (const language of languages) {
    const page = {
      round: { id: of.id, name: of.name },
      questionnaire,
      language,
      languages,
      boxOrigin,
      thresholds: of.thresholds,
      promise: of.promise,
      holder: of.holder,
      comments: of.comments,
      dryRun: of.dryRun,
      demo: of.demo,
      codes: of.needs.size > 0,
      help: of.help,
      scriptHash: files['answer.js'],
      styleHash: files['answer.css'],
    };
    const html = render(page);
    files[`${language}/`] = await add(`${language}/`, 'text/html; charset=utf-8', utf8(html), csp);
    if (edition === 'resident')
      for (const { path, contentType, bytes } of await showCard.files(page))
        files[`${language}/${path}`] = await add(`${language}/${path}`, contentType, bytes, csp);
  }

  const groups: Keylists.KeylistGroup[] = [];
  const smallest = Math.min(...tree.nodes.filter((n) => n.group).map((n) => n.invited));
  for (const node of tree.nodes) {
    const { id, name, invited, units, group } = node;
    if (!group) continue;
    const key = await add(`key/${id}`, 'application/octet-stream', new Uint8Array(keys.get(id)!.publicKey));
    const together = units.length > 1 ? units.map((code) => unitNames.get(code)!) : [];
    const told = (language: string): Keylists.GroupWords => ({
      name: nodeName(node, tree.nodes, wordsIn(language)),
      together,
      invited,
      ...(questionnaire.kind === 'leader' && { about: aboutLeader(node, tree.nodes, wordsIn(language)) }),
      last: last(node, wordsIn(language)),
    });
    const all = Object.fromEntries(languages.map((language) => [language, told(language)]));
    const file = await add(`group/${id}`, 'application/json', Keylists.canonicalBytes(all));
    const drawn = of.needs.get(id);
    groups.push({ id, name, invited, ...(drawn && { codes: drawn }), key, file });
  }

  const shortest = plainSize(
    marks(questionnaire),
    options(questionnaire).length,
    questionnaire.comments?.length,
  );
  const sealedPlain = Math.ceil(shortest / block) * block;
  const keylist = Keylists.canonicalBytes({
    format: 'medvirk-keylist/1',
    round: of.id,
    dryRun: of.dryRun,
    promise: of.promise,
    ...(of.holder && { holder: of.holder }),
    files,
    thresholds: of.thresholds,
    ...(of.comments && { comments: of.comments }),
    smallestGroup: Math.max(smallest, Keylists.SMALLEST_GROUP_EVER),
    sealedPlain,
    locks,
    ...(of.promise === 'witnesses' && { witnessScript: await witnessScript.hash() }),
    groups,
  });
  await add('keylist.json', 'application/json', keylist);
  return { rows, keylist, sealedPlain };
}
