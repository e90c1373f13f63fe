import { json } from '@sveltejs/kit';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import { db } from '#server/db.ts';
import { issue, type IssueRefusal } from '#server/issuing.ts';
import * as requestBody from '#server/request-body.ts';
import type { RequestHandler } from './$types';

const status: Record<IssueRefusal | 'too-large', number> = {
  malformed: 400,
  early: 403,
  late: 403,
  unknown: 404,
  fetched: 409,
  'too-large': 413,
};
const refuse = (refusal: keyof typeof status) => json({ refusal }, { status: status[refusal] });

/** Signs an invitation's one ballot paper, unseen (docs/ballot-protocol.md). */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  locals.gate.ask('public');
  const body = await requestBody.read(request);
  if (!body.ok) return refuse(body.refusal);
  const asked = body.json as { secret?: unknown; blinded?: unknown } | null;
  const secret = fromBase64url(asked?.secret);
  const blinded = fromBase64url(asked?.blinded);
  if (secret?.length !== 16) return refuse('unknown');
  if (!blinded || blinded.length > 1024) return refuse('malformed');
  const issued = await issue(db().main, params.round, secret, blinded, locals.now);
  return issued.ok ? json({ signature: base64url(issued.signature) }) : refuse(issued.refusal);
};
