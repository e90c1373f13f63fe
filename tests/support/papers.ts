import { constants, createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { eq } from 'drizzle-orm';
import * as Ballot from '#domain/ballot.ts';
import * as box from '#server/box.ts';
import { invitation, invitationLink, person, round, roundFile, signingKey } from '#server/schema.ts';
import type { TestDatabases } from './databases.ts';
import { approvedRound } from './town.ts';

/** One invitation, with all that its holder would post. */
export type Held = {
  invitationId: string;
  group: string;
  secret: Buffer;
  blinded: Buffer;
  ballot: box.Ballot;
  tokenHash: Buffer;
};

export type Papers = { roundId: string; publicKey: KeyObject; held: Held[] };

export const now = new Date('2027-03-01T08:00:00Z');
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** A blinded message that any 3072-bit key signs: nothing of it can be told from a real one. */
export const someBlinded = () => Buffer.concat([Buffer.alloc(1), randomBytes(383)]);

/** Shuffled, by a generator of one's own or by chance. */
export function shuffled<T>(all: T[], draw: () => number = Math.random): T[] {
  const left = [...all];
  for (let i = left.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  return left;
}

/**
 * A round that is open, with so many groups of so many invited, without the long way of freezing one: a single key
 * signs for every group, and ballots hold random bytes. Issuer, box and shaker see what they always see.
 */
export async function openRound(
  t: Pick<TestDatabases, 'main' | 'box'>,
  of: { groups: number; each: number; sealedSize?: number },
): Promise<Papers> {
  const size = of.sealedSize ?? Ballot.sealedSize(1, 64);
  const { id: roundId } = await approvedRound(t.main, now);
  await t.main
    .update(round)
    .set({ state: 'open', opensAt: now, keyShown: true })
    .where(eq(round.id, roundId));
  await box.make(t.box, roundId, size);
  await box.setIntake(t.box, roundId, true);

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const held: Held[] = [];
  for (let g = 1; g <= of.groups; g++) {
    const group = String(g).padStart(4, '0');
    await t.main.insert(signingKey).values({ roundId, groupId: group, privateKey: pkcs8 });
    const file = { roundId, path: `key/${group}`, contentType: 'application/octet-stream' };
    await t.main.insert(roundFile).values({ ...file, bytes: spki, brotli: spki });
    // Somebody each: an invitation without a person is a drawn code, which is refused in other words.
    const people = await t.main
      .insert(person)
      .values(Array.from({ length: of.each }, (_, i) => ({ name: `Invited ${group} ${i}` })))
      .returning({ id: person.id });
    const rows = people.map(({ id: personId }) => ({
      roundId,
      personId,
      groupId: group,
      draftKey: randomBytes(32),
    }));
    const made = await t.main.insert(invitation).values(rows).returning({ id: invitation.id });
    for (const { id } of made) held.push({ invitationId: id, ...paperOf(privateKey, group, size) });
  }
  const links = held.map((h) => ({ secretHash: sha256(h.secret), invitationId: h.invitationId }));
  await t.main.insert(invitationLink).values(links);
  return { roundId, publicKey, held };
}

function paperOf(privateKey: KeyObject, group: string, size: number) {
  const [prefix, token] = [randomBytes(32), randomBytes(32)];
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = sign('sha384', Buffer.concat([prefix, token]), {
    key: privateKey,
    padding,
    saltLength: 0,
  });
  return {
    group,
    secret: randomBytes(16),
    blinded: someBlinded(),
    ballot: { group, prefix, token, signature, sealed: randomBytes(size) },
    tokenHash: sha256(token),
  };
}
