import { json } from '@sveltejs/kit';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import { resultsBy } from '#domain/round.ts';
import { db } from '#server/db.ts';
import * as guesses from '#server/guesses.ts';
import { show } from '#server/issuing.ts';
import * as requestBody from '#server/request-body.ts';
import type { RequestHandler } from './$types';

/** What a link leads to. Changes nothing: mail scanners and previews may come here as often as they like. */
export const POST: RequestHandler = async ({ params, request, locals, getClientAddress }) => {
  locals.gate.ask('public');
  const body = await requestBody.read(request);
  if (!body.ok) return json({ refusal: body.refusal }, { status: 413 });
  const secret = fromBase64url((body.json as { secret?: unknown } | null)?.secret);
  const unknown = async () => {
    const waited = await guesses.wrong(getClientAddress());
    return json({ refusal: waited ? 'unknown' : 'slow' }, { status: waited ? 404 : 429 });
  };
  if (secret?.length !== 16) return await unknown();
  const shown = await show(db().main, params.round, secret, locals.now);
  if (!shown.ok)
    return shown.refusal === 'late' ? json({ refusal: 'late' }, { status: 403 }) : await unknown();
  const { group, draftKey, state, phase, opens, stops } = shown;
  return json({
    group,
    draftKey: base64url(draftKey),
    state,
    phase,
    opens,
    stops,
    results: resultsBy(stops),
  });
};
