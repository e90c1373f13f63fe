import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) => {
  locals.gate.ask('public');
  return new Response('ok');
};
