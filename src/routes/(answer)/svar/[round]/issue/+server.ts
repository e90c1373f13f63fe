import { json } from '@sveltejs/kit';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import { db } from '#server/db.ts';
import { issue, type IssueRefusal } from '#server/issuing.ts';
import type { RequestHandler } from './$types';

const status: Record<IssueRefusal, number> = {
  malformed: 400,
  early: 403,
  late: 403,
  unknown: 404,
  fetched: 409,
};
const refuse = (refusal: IssueRefusal) => json({ refusal }, { status: status[refusal] });

/** Signs an invitation's one ballot paper, unseen (docs/ballot-protocol.md). */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  locals.gate.ask('public');
  const asked = (await request.json().catch(() => null)) as { secret?: unknown; blinded?: unknown } | null;
  const secret = fromBase64url(asked?.secret);
  const blinded = fromBase64url(asked?.blinded);
  if (secret?.length !== 16) return refuse('unknown');
  if (!blinded || blinded.length > 1024) return refuse('malformed');
  const issued = await issue(db().main, params.round, secret, blinded, locals.now);
  return issued.ok ? json({ signature: base64url(issued.signature) }) : refuse(issued.refusal);
};
