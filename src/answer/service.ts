/** How the page reaches the server. Nothing else in the script does; every call says what it tells. */
export type Service = {
  get: (path: string) => Promise<Uint8Array>;
  post: (address: string, body: object) => Promise<{ status: number; body: Record<string, unknown> }>;
};

/** No cookie goes along, no address of the page is told; what is neither answer nor refusal throws. cache: of what is fetched. */
export const service = (round: string, cache: RequestCache = 'default'): Service => ({
  async get(path) {
    const response = await fetch(`/svar/${round}/${path}`, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  async post(address, body) {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    });
    const reply: unknown = await response.json();
    if (typeof reply !== 'object' || reply === null) throw new Error(`${response.status}`);
    return { status: response.status, body: reply as Record<string, unknown> };
  },
});
