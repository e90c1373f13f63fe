import * as Code from '#domain/code.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import type { Questionnaire, QuestionnaireKind } from '#domain/questionnaire.ts';
import { open } from '#server/clock.ts';
import * as commentReaders from '#server/comment-readers.ts';
import * as crowds from '#server/crowds.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { hrGate, printed } from './codes.ts';
import { must } from './must.ts';
import type { OwnServer } from './server.ts';
import { approvedRound, frozen, invitationsOf, permit, roleHolders } from './town.ts';

/** A round that is open for one group. */
export type Asked = {
  id: string;
  questionnaire: Questionnaire;
  /** An answering page that nobody has begun on, one after the other: a link, or where codes are given, a code's. */
  next(): string;
  /** The code in such an address. */
  codeOf(address: string): string;
};

const comments: Questionnaire['comments'] = [
  {
    id: 'better',
    text: { nb: 'Hva kan bli bedre?', nn: 'Kva kan bli betre?', en: 'What can be better?' },
    hint: { nb: 'Skriv om det du selv ser.', nn: 'Skriv om det du sjølv ser.', en: 'Write what you see.' },
  },
];

type Server = Pick<OwnServer, 'main' | 'box' | 'origin'>;

/** Makes and opens a round of our own questionnaire of this kind in a unit; employees may write in their own words. */
export async function ask(server: Server, kind: QuestionnaireKind, now: Date, unit = 'A'): Promise<Asked> {
  const { main, box, origin } = server;
  await questionnaires.shipOwn(main, now);
  const own = (await questionnaires.latest(main, kind))!;
  const written = kind === 'employee' ? { ...own.content, comments } : own.content;
  const { id: questionnaireId } =
    kind === 'employee' ? await questionnaires.add(main, written, now, permit()) : own;
  const isCrowd = kind === 'resident' || kind === 'relative';
  const { id } = await approvedRound(main, now, { questionnaireId, unitCodes: [unit], dryRun: true });
  if (isCrowd || written.comments) await rounds.take(main, id, 'reconsider', now, null);
  const planned = (await rounds.find(main, id))!;
  if (isCrowd) must(await crowds.count(main, planned, new Map([[unit, 24]]), now, permit()));
  if (written.comments) {
    const readers = await roleHolders(main, { dpo: null, quality: null }, now);
    must(await commentReaders.choose(main, id, [...readers.values()] as [string, string], now, permit()));
  }
  await rounds.take(main, id, 'approve', now, null);
  await frozen(server, id, now);
  const addresses = isCrowd ? await drawn(server, id, now) : await links(server, id);
  must(await open(main, box, id, new Date(), null));
  return {
    id,
    questionnaire: written,
    next: () => addresses.shift()!,
    codeOf: (address) => new URL(address).hash.slice(1).split('.')[0]!,
  };

  async function links({ main }: Server, id: string) {
    const made: string[] = [];
    for (const invited of await invitationsOf(main, id))
      made.push(await newLink(main, invited.id, origin, 'nb'));
    return made;
  }
}

async function drawn({ main, origin }: Server, id: string, now: Date): Promise<string[]> {
  const of = (await rounds.find(main, id))!;
  const hr = (await roleHolders(main, { hr: null }, now)).get('hr')!;
  const codes = await printed(main, hrGate(hr, now), of, { group: 'all', reserve: null }, now);
  const signs = fingerprintSigns(of.fingerprint!);
  return codes.map(({ code }) => `${origin}/svar/${id}/nb#${Code.print(code)}.${signs}`);
}
