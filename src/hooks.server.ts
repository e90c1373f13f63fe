import { error, type Handle, type HandleServerError, redirect, type ServerInit } from '@sveltejs/kit';
import { type House, isHouse } from '#domain/language.ts';
import { baseLocale } from '#messages/runtime';
import { paraglideMiddleware } from '#messages/server';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import * as gate from '#server/gate.ts';
import * as jobs from '#server/jobs.ts';
import * as sessions from '#server/sessions.ts';
import { now } from '#server/settings.ts';

export const init: ServerInit = () => jobs.start();

/** How a request ends before any route of ours has run: another spelling, no such route or method, forged, too large, a fault. */
const endedBefore = [308, 403, 404, 405, 413, 415, 500];

/** A witness fetches the sealed ballots where others hand theirs in: only reading asks who it is. */
const isFetching = (routeId: string | null, method: string) =>
  routeId === '/(answer)/box/[round=round]' && method === 'GET';

const isForAnswers = (routeId: string | null) => routeId?.startsWith('/(answer)') ?? false;

/** Who answers, and who holds a phone in a meeting, is nobody here: no session is looked for, nothing sent is logged. */
const isNameless = (routeId: string | null) =>
  isForAnswers(routeId) || (routeId?.startsWith('/(meeting)') ?? false);

/** Paper forms are entered, and comments read, by somebody signed in; what they hold is as near answers as the others. */
const isNearAnswers = (routeId: string | null) =>
  isNameless(routeId) || /^\/\(admin\)\/rounds\/\[round=round\]\/(entry|reading)$/.test(routeId ?? '');

/** Frozen bytes and JSON have no language to be found, and the middleware that finds it copies every body. */
const isWordless = (routeId: string | null) => /^\/\(answer\)\/(svar|box)\//.test(routeId ?? '');

export const handle: Handle = ({ event, resolve }) => {
  if (isWordless(event.route.id)) return gated({ event, resolve }, baseLocale);
  return paraglideMiddleware(event.request, ({ locale }) =>
    gated({ event, resolve }, isHouse(locale) ? locale : baseLocale),
  );
};

async function gated({ event, resolve }: Parameters<Handle>[0], locale: House): Promise<Response> {
  const { locals, cookies, url, route, request } = event;
  locals.now = now();
  locals.locale = locale;
  // The database itself cannot take such a sign, so no page is asked for it.
  if (url.search.includes('%00')) return new Response('Bad request', { status: 400 });
  // A browser says where a request comes from; whatever its content type, nobody else's page acts as the one signed in.
  const from = request.headers.get('origin');
  const isForeign = from !== null && from !== url.origin && !isForAnswers(route.id);
  if (isForeign && request.method !== 'GET' && request.method !== 'HEAD')
    return new Response('Forbidden', { status: 403 });
  const isNobody = isNameless(route.id) && !isFetching(route.id, request.method);
  const token = isNobody ? undefined : cookies.get(sessions.cookie(url).name);
  const session = token ? await sessions.read(db().main, token, locals.now) : null;
  const actor = session ? await actors.actor(db().main, session.personId, locals.now) : null;
  locals.gate = gate.open(actor, () => locals.now, {
    stranger: () => redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname)}`),
    // What you may not see is not found.
    refused: () => error(404),
  });

  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', locale),
  });
  if (!endedBefore.includes(response.status) && !locals.gate.wasAsked(request.method)) {
    console.error(`The route ${route.id} asked nobody before it answered ${request.method}; it is closed.`);
    return new Response('Closed', { status: 500 });
  }
  // Without an origin on its own forms a browser would have them refused as forged.
  if (!response.headers.has('referrer-policy'))
    response.headers.set('referrer-policy', isForAnswers(route.id) ? 'no-referrer' : 'same-origin');
  response.headers.set('x-content-type-options', 'nosniff');
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
}

/** Near answers and votes only the kind of fault is logged, never a message: it could carry what was sent. */
export const handleError: HandleServerError = ({ error, event, status, message }) => {
  if (status === 404) return { message };
  const fault = error as {
    name?: string;
    message?: string;
    stack?: string;
    cause?: Error & { code?: string };
  };
  const kind = `${fault.name ?? 'Fault'} ${fault.cause?.code ?? ''}`.trim();
  // A failed query's message holds its parameters; its cause does not.
  const told = fault.cause ? `${fault.cause.name}: ${fault.cause.message}` : fault.stack;
  console.error(
    `${event.request.method} ${event.route.id}: ${isNearAnswers(event.route.id) ? kind : `${kind}\n${told}`}`,
  );
  return { message };
};
