import * as witnessScript from '#server/witness-script.ts';
import type { RequestHandler } from './$types';

/** The witnesses' script: the same bytes for everybody, so that anybody can build and compare them. */
export const GET: RequestHandler = async ({ locals }) => {
  locals.gate.ask('public');
  return new Response(await witnessScript.bytes(), {
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
  });
};
