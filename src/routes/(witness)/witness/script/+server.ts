import { readFile } from 'node:fs/promises';
import type { RequestHandler } from './$types';

/** The witnesses' script: the same bytes for everybody, so that anybody can build and compare them. */
export const GET: RequestHandler = async ({ locals }) => {
  locals.gate.ask('public');
  const bytes = await readFile('build-answer/witness.js');
  return new Response(bytes, {
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
  });
};
