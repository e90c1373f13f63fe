import { json } from '@sveltejs/kit';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import { db } from '#server/db.ts';
import * as guesses from '#server/guesses.ts';
import { issue, type IssueRefusal } from '#server/issuing.ts';
import * as requestBody from '#server/request-body.ts';
import type { RequestHandler } from './$types';

const status: Record<IssueRefusal | 'too-large' | 'slow', number> = {
  malformed: 400,
  early: 403,
  late: 403,
  unknown: 404,
  fetched: 409,
  'too-large': 413,
  slow: 429,
};
const refuse = (refusal: keyof typeof status) => json({ refusal }, { status: status[refusal] });

/** Signs an invitation's one ballot paper, unseen (docs/ballot-protocol.md). */
export const POST: RequestHandler = async ({ params, request, locals, getClientAddress }) => {
  locals.gate.ask('public');
  const body = await requestBody.read(request);
  if (!body.ok) return refuse(body.refusal);
  const asked = body.json as { secret?: unknown; blinded?: unknown } | null;
  const secret = fromBase64url(asked?.secret);
  const blinded = fromBase64url(asked?.blinded);
  const unknown = async () => refuse((await guesses.wrong(getClientAddress())) ? 'unknown' : 'slow');
  if (secret?.length !== 16) return await unknown();
  if (!blinded || blinded.length > 1024) return refuse('malformed');
  const issued = await issue(db().main, params.round, secret, blinded, locals.now);
  if (issued.ok) return json({ signature: base64url(issued.signature) });
  return issued.refusal === 'unknown' ? await unknown() : refuse(issued.refusal);
};
