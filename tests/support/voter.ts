import { base64url } from '#domain/bytes.ts';
import { enter } from '../../src/answer/entrance.ts';
import { readLink } from '../../src/answer/link.ts';
import { fetchPaper, handIn, sealed } from '../../src/answer/paper.ts';
import type { Service } from '../../src/answer/service.ts';

const service = (origin: string, round: string): Service => ({
  async get(path) {
    const response = await fetch(`${origin}/svar/${round}/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  async post(address, body) {
    const response = await fetch(new URL(address, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  },
});

const parts = (link: string) => {
  const { origin, pathname, hash } = new URL(link);
  return { origin, round: pathname.split('/')[2]!, link: readLink(hash)! };
};

/** What a link leads to, without a browser. */
export async function invitation(address: string): Promise<Record<string, unknown>> {
  const { origin, round, link } = parts(address);
  const { body } = await service(origin, round).post(`/svar/${round}/invitation`, {
    secret: base64url(link.secret),
  });
  return body;
}

/** Answers through the same addresses as the page, with the page's own code; gives the receipt. */
export async function answer(address: string, marks: number[], background: number[] = []): Promise<string> {
  const { origin, round, link } = parts(address);
  const server = service(origin, round);
  const entered = await enter(link, round, 'nb', server);
  if (!entered.ok) throw new Error(entered.refusal);
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const paper = await fetchPaper(seed, link, round, entered, server);
  if (!paper.ok) throw new Error(paper.refusal);
  const ballot = await sealed({ answers: marks, background }, seed, paper.signature, entered);
  const handed = await handIn(ballot, `/box/${round}`, server);
  if (!handed.ok) throw new Error(handed.refusal);
  return handed.receipt;
}
