import { base64url } from '#domain/bytes.ts';
import { enter } from '../../src/answer/entrance.ts';
import { fetchPaper, handIn, sealed } from '../../src/answer/paper.ts';
import { must } from './must.ts';
import { linkOf, serviceAt } from './program.ts';

const parts = (address: string) => {
  const { origin, pathname } = new URL(address);
  const round = pathname.split('/')[2]!;
  return { round, link: linkOf(address), server: serviceAt(origin, round) };
};

/** What a link leads to, without a browser. */
export async function invitation(address: string): Promise<Record<string, unknown>> {
  const { round, link, server } = parts(address);
  const { body } = await server.post(`/svar/${round}/invitation`, { secret: base64url(link.secret) });
  return body;
}

/** Answers through the same addresses as the page, with the page's own code; gives the receipt. */
export async function answer(address: string, marks: number[], background: number[] = []): Promise<string> {
  const { round, link, server } = parts(address);
  const entered = must(await enter(link, round, 'nb', server));
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const paper = must(await fetchPaper(seed, link, round, entered, server));
  const ballot = await sealed({ answers: marks, background }, seed, paper.signature, entered);
  const handed = must(await handIn(ballot, `/box/${round}`, server));
  return handed.receipt;
}
