import * as Ballot from '#domain/ballot.ts';
import type * as Comment from '#domain/comment.ts';
import { lists, respondentsIn } from '#domain/comment-lists.ts';
import { base64url, type Bytes, equal, fromBase64url, fromNumber, hex, sha256, utf8 } from '#domain/bytes.ts';
import { figures, from, type Publishable } from '#domain/disclosure.ts';
import { withAdded } from '#domain/joiner.ts';
import { isListed, type Keylist, readKeylist } from '#domain/keylist.ts';
import { marks } from '#domain/choice.ts';
import { options, type Questionnaire } from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import type { RoundTree, Thresholds } from '#domain/round.ts';
import * as Sheet from '#domain/sheet.ts';
import * as Tally from '#domain/tally.ts';

/*
 * Opening the box: the same lines on the server with the operator's key, in a witness's browser and offline
 * (design section 3 step 7). Only counts are kept of what is opened.
 */

/** A ballot as the box keeps it. */
export type SealedBallot = { group: string; tokenHash: Uint8Array; sealed: Uint8Array };

/** What opens: the private halves of one lock, in the keylist's order. */
export type Key = { fingerprint: Uint8Array; privateKeys: CryptoKey[]; lock: number; locks: number };

/** What a release says beside its figures: all of it is known before a ballot is opened. */
export type Frame = {
  round: Release.Release['round'];
  questionnaire: Questionnaire;
  tree: RoundTree;
  thresholds: Thresholds;
  /** Where open questions are asked: what must stand behind a list of comments. */
  comments?: Comment.Limits;
};

/** Counts so far. Memory grows with groups and receipts, not with answers; and with what is written in own words. */
export type Opening = {
  questionnaire: Questionnaire;
  tally: Tally.Tally;
  /** By open question: each comment with the group it was written in, and nothing else of its ballot. */
  comments: Comment.Written[][];
  /** SHA-256 of each token in hexadecimal. */
  receipts: string[];
  unreadable: number;
};

/** An opening of which nothing is counted yet. */
export const begin = ({ questionnaire, tree }: Pick<Frame, 'questionnaire' | 'tree'>): Opening => ({
  questionnaire,
  tally: Tally.start(questionnaire, tree),
  comments: (questionnaire.comments ?? []).map(() => []),
  receipts: [],
  unreadable: 0,
});

/** How many ballots are opened at a time: enough to keep a processor busy, and few enough to say how far it has come. */
export const together = 64;

/** Opens some ballots and counts them. What does not open, or is no answer to this questionnaire, is a number. */
export async function count(opening: Opening, ballots: SealedBallot[], key: Key): Promise<void> {
  const { questionnaire, tally } = opening;
  const asked = marks(questionnaire);
  await Promise.all(
    ballots.map(async ({ group, tokenHash, sealed }) => {
      opening.receipts.push(hex(tokenHash));
      const { fingerprint, privateKeys, lock, locks } = key;
      const plain = await Ballot.open(sealed, privateKeys, lock, locks, { fingerprint, group, tokenHash });
      const read = plain && Ballot.read(plain, asked, options(questionnaire), opening.comments.length);
      if (read && tally.groups.has(group) && Tally.fits(questionnaire, read.answers)) {
        Tally.add(tally, group, read.answers, read.background);
        read.comments?.forEach((text, i) => {
          if (text !== '') opening.comments[i]!.push({ group, text });
        });
      } else opening.unreadable++;
    }),
  );
}

/** The list of receipts as it is published: sorted, one on a line. */
export const receiptList = (receipts: string[]): string =>
  receipts
    .toSorted()
    .map((one) => `${one}\n`)
    .join('');

const sha256Hex = async (text: string) => hex(await sha256(utf8(text)));

/** SHA-256 of a release's bytes, in hexadecimal: what the second witness confirms. */
export const releaseHash = sha256Hex;

/** How many are invited in the whole round. */
const invitedIn = ({ nodes }: RoundTree) =>
  nodes.filter(({ parent }) => parent === null).reduce((sum, { invited }) => sum + invited, 0);

/** What readers have marked, and so is not published. */
export type Withheld = (comment: Comment.Written) => boolean;

async function build(
  frame: Frame,
  opening: Opening,
  isWithheld: Withheld,
): Promise<Publishable<Release.Release>> {
  const received = opening.receipts.length;
  return Release.build({
    ...frame,
    tally: opening.tally,
    written: frame.comments && { limits: frame.comments, written: opening.comments, isWithheld },
    ballots: {
      invited: invitedIn(frame.tree),
      received,
      counted: received - opening.unreadable,
      unreadable: opening.unreadable,
    },
    receiptsSha256: await sha256Hex(receiptList(opening.receipts)),
  });
}

/** The release of what was opened, as the bytes that are published; without comments that are withheld. */
export const release = async (
  frame: Frame,
  opening: Opening,
  isWithheld: Withheld = () => false,
): Promise<string> => Release.serialize(await build(frame, opening, isWithheld));

/**
 * A list as the readers have it before them: all that may be published of one node and question, and how many answered
 * in each group whose comments are listed there.
 */
type ToRead = {
  node: string;
  question: string;
  comments: Comment.Written[];
  answered: { group: string; respondents: number }[];
};

/**
 * What the readers read: every list that would be published if they withheld nothing, in the order of the tree, then of
 * the questions. What can be published nowhere is put before nobody.
 */
export function toRead(frame: Frame, opening: Opening): ToRead[] {
  const { tree, comments: limits, questionnaire } = frame;
  if (!limits) return [];
  const results = figures(tree, frame.thresholds, opening.tally);
  const isShown = (node: string) => Object.hasOwn(results, node);
  const byQuestion = (questionnaire.comments ?? []).map(({ id }, i) => ({
    id,
    found: lists(tree, limits, respondentsIn(opening.tally), opening.comments[i]!, isShown),
  }));
  const parent = new Map(tree.nodes.map((node) => [node.id, node.parent]));
  const nearest = (group: string, found: object): string | null => {
    let at: string | null = group;
    while (at !== null && !Object.hasOwn(found, at)) at = parent.get(at) ?? null;
    return at;
  };
  const answered = respondentsIn(opening.tally);
  const groups = tree.nodes.filter(({ group }) => group).map(({ id }) => id);
  return tree.nodes.flatMap(({ id: node }) =>
    byQuestion.flatMap(({ id, found }) => {
      if (!found[node]) return [];
      const inIt = groups.filter((group) => nearest(group, found) === node);
      return {
        ...{ node, question: id, comments: found[node] },
        answered: inIt.map((group) => ({ group, respondents: answered(group) })),
      };
    }),
  );
}

export type CheckRefusal =
  /** Not a release as docs/release-format.md has it, or not written canonically. */
  | 'form'
  /** Of another round, fingerprint, questionnaire, tree or limits. */
  | 'other'
  /** Of other ballots than the box holds. */
  | 'receipts'
  /** The auditor found a group that can be worked out. */
  | 'audit';

/**
 * Judges a release that somebody else built: its form, everything beside its figures against what the round was
 * frozen with, its receipts against the box's, and the auditor on its figures. What was answered cannot be judged
 * without opening: that is what the second witness confirms.
 */
export async function check(
  bytes: string,
  frame: Frame,
  receipts: string[],
): Promise<{ ok: true } | { ok: false; refusal: CheckRefusal }> {
  const read = Release.read(bytes);
  if (!read.ok)
    return { ok: false, refusal: read.findings.some(({ rule }) => rule === 'shape') ? 'form' : 'audit' };
  if (Release.serialize(read.release) !== bytes) return { ok: false, refusal: 'form' };
  const { ballots, receiptsSha256 } = read.release;
  const opened = { ...begin(frame), receipts, unreadable: receipts.length };
  const expected = await build(frame, opened, () => false);
  if (receiptsSha256 !== expected.receiptsSha256 || ballots.received !== receipts.length)
    return { ok: false, refusal: 'receipts' };
  const isOurs =
    frameOf(read.release) === frameOf(expected) &&
    Release.isAsked(read.release, frame.questionnaire) &&
    ballots.invited === expected.ballots.invited;
  return isOurs ? { ok: true } : { ok: false, refusal: 'other' };
}

const untold = {
  results: {},
  ballots: { invited: 0, received: 0, counted: 0, unreadable: 0 },
  breakdowns: undefined,
  onBehalf: undefined,
  helpers: undefined,
  comments: undefined,
};

/** All of a release but what only the opened ballots tell. */
const frameOf = (of: Publishable<Release.Release>): string =>
  Release.serialize(from(of, (all): Release.Release => ({ ...all, ...untold })));

type PairRefusal =
  /** Both sheets are the same one. */
  | { refusal: 'same' }
  /** Sheet number `sheet` (1 or 2) belongs to another round, or was made anew before freezing. */
  | { refusal: 'other'; sheet: number };

/** The key that two sheets make, when they are two different ones of this keylist's. */
export async function keyOfPair(
  { keylist, fingerprint }: { keylist: Keylist; fingerprint: Uint8Array },
  secrets: [Uint8Array, Uint8Array],
  chance: Crypto,
): Promise<{ ok: true; key: Key } | ({ ok: false } & PairRefusal)> {
  if (equal(...secrets)) return { ok: false, refusal: 'same' };
  const points = [...new Set(keylist.locks.flat())];
  const halves: { privateKey: CryptoKey; point: string }[] = [];
  for (const [index, secret] of secrets.entries()) {
    const half = await Sheet.keyOf(secret, points, chance);
    if (!half) return { ok: false, refusal: 'other', sheet: index + 1 };
    halves.push(half);
  }
  const lock = keylist.locks.findIndex(
    (of) => of.length === halves.length && halves.every(({ point }) => of.includes(point)),
  );
  if (lock < 0) return { ok: false, refusal: 'same' };
  const privateKeys = keylist.locks[lock]!.map((at) => halves.find(({ point }) => point === at)!.privateKey);
  return { ok: true, key: { fingerprint, privateKeys, lock, locks: keylist.locks.length } };
}

/** A lock for each pair of three witnesses: any two open. */
export const locksOf = ([a, b, c]: [string, string, string]): string[][] => [
  [a, b],
  [a, c],
  [b, c],
];

// ---- The files an opening is made from ----------------------------------------------------------------------

/** The first line of the box's file: what is not frozen, and how many lines follow. */
export type BallotsHead = {
  format: 'medvirk-ballots/1';
  round: Release.Release['round'];
  /** By group, how many may answer beside those invited at freezing. */
  added: [group: string, count: number][];
  ballots: number;
};

/** One ballot as a line of the box's file. */
export const ballotLine = ({ group, tokenHash, sealed }: SealedBallot): string =>
  `${group} ${hex(tokenHash)} ${base64url(sealed)}\n`;

function ballotOf(line: string): SealedBallot | null {
  const [group = '', hash = '', sealed] = line.split(' ');
  const bytes = fromBase64url(sealed);
  if (!bytes || !/^[0-9a-f]{64}$/.test(hash)) return null;
  return { group, tokenHash: fromNumber(BigInt(`0x${hash}`), 32), sealed: bytes };
}

/** What a witness's page has fetched to open a box: the frozen files byte for byte, and the box's file as text. */
export type Files = { keylist: Bytes; questionnaire: Bytes; tree: Bytes; ballots: string };

export type FilesRefusal =
  /** The keylist has another fingerprint than asked for, or is none. */
  | 'keylist'
  /** Questionnaire or tree is another file than the keylist names. */
  | 'frozen'
  /** The box's file is cut off or changed. */
  | 'ballots';

/**
 * The files as saved or fetched, checked: the keylist against the fingerprint's signs, the frozen files against the
 * keylist, the box's file against its own count. Ballots come in the order of their hashes.
 */
export async function readFiles(
  files: Files,
  signs: string,
): Promise<
  | { ok: true; keylist: Keylist; fingerprint: Bytes; frame: Frame; ballots: SealedBallot[] }
  | { ok: false; refusal: FilesRefusal }
> {
  const text = (bytes: Bytes) => JSON.parse(new TextDecoder().decode(bytes));
  const [first = '', ...lines] = files.ballots.split('\n');
  let head: BallotsHead;
  try {
    head = JSON.parse(first);
  } catch {
    return { ok: false, refusal: 'ballots' };
  }
  const isHead = head?.format === 'medvirk-ballots/1' && typeof head.round?.id === 'string';
  if (!isHead || !Array.isArray(head.added) || lines.pop() !== '') return { ok: false, refusal: 'ballots' };
  const read = await readKeylist(files.keylist, signs, head.round.id);
  if (!read.ok) return { ok: false, refusal: 'keylist' };
  const { keylist, fingerprint } = read;
  const isFrozen =
    (await isListed(files.questionnaire, keylist.files['questionnaire.json'])) &&
    (await isListed(files.tree, keylist.files['tree.json']));
  if (!isFrozen) return { ok: false, refusal: 'frozen' };
  const ballots = lines.map(ballotOf).filter((ballot) => ballot !== null);
  if (ballots.length !== lines.length || ballots.length !== head.ballots)
    return { ok: false, refusal: 'ballots' };
  const frame = {
    round: head.round,
    questionnaire: text(files.questionnaire),
    tree: withAdded(text(files.tree), head.added),
    thresholds: keylist.thresholds,
  };
  return { ok: true, keylist, fingerprint, frame, ballots };
}
