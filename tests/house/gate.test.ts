import type { Handle } from '@sveltejs/kit';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '#domain/access.ts';
import { ends } from '#tests/support/ends.ts';
import * as gate from '#server/gate.ts';

/** What a route does to the gate while it answers, and with what it ends. */
type Route = {
  id?: string;
  method?: string;
  does?: (of: gate.Gate) => void;
  status?: number;
  origin?: string;
};

let handle: Handle;
beforeAll(async () => {
  // Nobody is signed in, so no database is ever asked; the settings only have to be there.
  process.env.DATABASE_URL = 'postgres://localhost/main';
  process.env.BOX_DATABASE_URL = 'postgres://localhost:5433/box';
  ({ handle } = await import('../../src/hooks.server.ts'));
});
const told = vi.spyOn(console, 'error').mockImplementation(() => {});
beforeEach(() => told.mockClear());

const cookies = { get: vi.fn(() => undefined) };
async function request(route: Route) {
  const { id = '/(work)/somewhere', method = 'GET', does = () => {}, status = 200, origin } = route;
  const url = new URL('http://localhost/somewhere');
  const locals = {} as App.Locals;
  const event = {
    locals,
    cookies,
    url,
    route: { id },
    request: new Request(url, { method, headers: origin ? { origin } : {} }),
  };
  return await handle({
    event: event as never,
    resolve: () => {
      does(locals.gate);
      return new Response(status === 204 || status === 303 ? null : 'A secret', { status });
    },
  });
}
const closed = async (route: Route) => {
  const response = await request(route);
  expect([response.status, await response.text()]).toEqual([500, 'Closed']);
  expect(told).toHaveBeenCalledWith(expect.stringContaining('asked nobody'));
};
const layout = (of: gate.Gate) => of.loading();
const asks = (of: gate.Gate) => of.ask('public');

describe('a route that asks nobody is closed', () => {
  it('be it a page, of which only the layout was loaded', () => closed({ does: layout }));
  it('be it an address without a page', () => closed({}));
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('be it asked with %s', (method) =>
    closed({ method }),
  );
  it('be it that it only looks whether something may be shown', () =>
    closed({ does: (of) => void of.may('round.plan') }));
  it('be it a form action whose page asks', () =>
    closed({ method: 'POST', does: (of) => [layout, asks].forEach((step) => step(of)) }));
  it('be it a form action that leads on to another page', () => closed({ method: 'POST', status: 303 }));
  it('be it a form action that finds something wrong first', () => closed({ method: 'POST', status: 400 }));
});

describe('a route that asks answers', () => {
  it.each<Route>([
    { does: (of) => [layout, asks].forEach((step) => step(of)) },
    { does: asks },
    { method: 'HEAD', does: asks },
    { method: 'POST', does: (of) => [asks, layout].forEach((step) => step(of)) },
    { method: 'POST', does: asks, status: 303 },
    { method: 'OPTIONS', does: asks, status: 204 },
  ])('%o', async (route) => {
    const response = await request(route);
    expect(response.status).toBe(route.status ?? 200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(told).not.toHaveBeenCalled();
  });
  it('and "not found" stays so', async () => {
    expect((await request({ status: 404 })).status).toBe(404);
  });
});

describe('who answers a survey', () => {
  it('is nobody: no session is looked for', async () => {
    cookies.get.mockClear();
    const response = await request({ id: '/(answer)/svar/[round=round]/issue', method: 'POST', does: asks });
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(cookies.get).not.toHaveBeenCalled();
    await request({ does: asks });
    expect(cookies.get).toHaveBeenCalled();
  });
});

describe('who holds a phone in a meeting', () => {
  it('is nobody either, but a form on somebody else’s page does not reach it', async () => {
    cookies.get.mockClear();
    const id = '/(meeting)/m/[code]';
    const response = await request({ id, method: 'POST', does: asks });
    // Its own forms need an origin.
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    expect(cookies.get).not.toHaveBeenCalled();
    const forged = await request({ id, method: 'POST', does: asks, origin: 'https://elsewhere.example' });
    expect(forged.status).toBe(403);
  });
});

describe('asking', () => {
  const at = () => new Date('2027-03-01T08:00:00Z');
  const hr: Actor = { personId: 'p', name: 'P', roles: [{ role: 'hr', unit: null }], leads: [], worksIn: [] };
  const ask = (actor: Actor | null, action: 'round.plan' | 'round.freeze') => () =>
    gate.open(actor, at, ends).ask(action);

  it('sends a stranger to sign in, and tells somebody else that there is no such thing', () => {
    expect(ask(null, 'round.plan')).toThrow(expect.objectContaining({ status: 303, location: '/sign-in' }));
    expect(ask(hr, 'round.freeze')).toThrow(expect.objectContaining({ status: 404 }));
    expect(ask(hr, 'round.plan')()).toEqual({ by: 'p' });
  });
});
