import { error } from '@sveltejs/kit';
import QRCode from 'qrcode';
import { codeWords } from '#domain/meeting.ts';
import * as Reading from '#domain/reading.ts';
import * as candidates from '#server/candidates.ts';
import { db } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as releases from '#server/releases.ts';
import { settings } from '#server/settings.ts';
import * as votes from '#server/votes.ts';
import type { PageServerLoad } from './$types';
import { slides } from './slides.ts';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { main } = db();
  const opened = await releases.ofUnit(main, locals.gate, params.round, params.unit);
  if (!opened?.figures || opened.head.kind === 'leader') error(404);
  const of = await meetings.ofCode(main, params.round, params.unit);
  const stage = of?.stage ?? 'waiting';
  const { figures, before } = opened;
  const found = Reading.ofUnit(figures, params.unit, opened.head.without.includes(params.unit));
  const reading =
    found?.node &&
    Reading.ofNode(figures, before?.figures ?? null, found.node, found.lent, undefined, before?.succession);
  const all = slides(stage, reading ?? null);
  const asked = Number(url.searchParams.get('page')) || 1;
  const page = Math.min(Math.max(1, Math.trunc(asked)), all.length);
  const isLeafed = stage === 'waiting' || stage === 'alone';
  return {
    unit: opened.unit.name,
    round: opened.head.name,
    stage,
    turn: of?.turn ?? 0,
    joined: of?.joined ?? 0,
    sent: of ? (await meetings.standing(main, of)).marked : 0,
    door: of?.code ? await door(of.code) : null,
    page,
    pages: isLeafed ? all.length : 1,
    slide: isLeafed ? all[page - 1]! : null,
    reading: reading
      ? {
          ...{ name: reading.node.name, invited: reading.node.invited, lent: reading.lent },
          ...{ n: reading.n, rate: reading.rate, factors: reading.factors, statements: reading.statements },
          above: reading.beside.above?.name ?? null,
          whole: reading.beside.whole?.name ?? null,
          hasBefore: before !== null && reading.factors.some((row) => row.earlier !== null),
        }
      : null,
    candidates: of && stage === 'together' ? await candidates.list(main, of.id) : [],
    result: of && stage === 'ended' ? await votes.result(main, of.id) : null,
  };
};

/** How phones come in: where to go, what to type there, and both as a picture. */
async function door(code: string) {
  const address = `${settings().ORIGIN}/m`;
  const svg = await QRCode.toString(`${address}/${code}`, { type: 'svg', margin: 2 });
  return {
    address: address.replace(/^https?:\/\//, ''),
    code: codeWords(code),
    picture: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
  };
}
