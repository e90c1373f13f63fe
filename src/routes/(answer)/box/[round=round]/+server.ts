import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { error, json } from '@sveltejs/kit';
import { fromBase64url } from '#domain/bytes.ts';
import { submit } from '#server/box.ts';
import { db } from '#server/db.ts';
import { groupKey } from '#server/frozen.ts';
import { ballots } from '#server/proposals.ts';
import * as requestBody from '#server/request-body.ts';
import { settings } from '#server/settings.ts';
import { idsOf } from '#server/witnesses.ts';
import type { RequestHandler } from './$types';

const status = { invalid: 400, late: 403, used: 409, 'too-large': 413 };
/** The page may stand on another host than the box; it sends no cookie, and none is taken. */
const crossOrigin = () => ({ 'access-control-allow-origin': settings().ORIGIN, vary: 'origin' });
const refuse = (refusal: keyof typeof status) =>
  json({ refusal }, { status: status[refusal], headers: crossOrigin() });

export const OPTIONS: RequestHandler = ({ locals }) => {
  locals.gate.ask('public');
  const allow = { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type' };
  return new Response(null, { status: 204, headers: { ...crossOrigin(), ...allow } });
};

/** Takes one sealed ballot with its token and signature. No person, no time, no address. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  locals.gate.ask('public');
  const body = await requestBody.read(request);
  if (!body.ok) return refuse(body.refusal);
  const asked = body.json as Record<string, unknown> | null;
  const group = asked?.group;
  const [prefix, token, signature, sealed] = [
    asked?.prefix,
    asked?.token,
    asked?.signature,
    asked?.sealed,
  ].map(fromBase64url);
  const isGroup = typeof group === 'string' && /^[0-9]{4}$/.test(group);
  if (!isGroup || prefix?.length !== 32 || token?.length !== 32 || !signature || !sealed)
    return refuse('invalid');
  const key = await groupKey(db().main, params.round, group, locals.now);
  if (!key) return refuse('invalid');
  const tokenHash = createHash('sha256').update(token).digest();
  const ballot = { group, prefix, token, signature, sealed };
  const kept = await submit(db().intake, params.round, ballot, tokenHash, key);
  return kept.ok
    ? json({ receipt: tokenHash.toString('hex') }, { headers: crossOrigin() })
    : refuse(kept.refusal);
};

/** The sealed ballots, for a signed-in witness, once intake has stopped. The one request to a box that asks who comes. */
export const GET: RequestHandler = async ({ params, locals }) => {
  const { main, box } = db();
  const permit = locals.gate.ask('witness.act', { witnesses: await idsOf(main, params.round) });
  const found = await ballots(main, box, params.round, locals.now, permit);
  if (!found.ok) error(404);
  return new Response(Readable.toWeb(Readable.from(found.lines)) as ReadableStream, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'inline; filename="ballots.txt"',
    },
  });
};
