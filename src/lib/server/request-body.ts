/** Far more than any ballot needs, and nothing that could fill the memory of a server anybody may post to. */
const most = 64 * 1024;

type RequestBody = { ok: true; json: unknown } | { ok: false; refusal: 'too-large' };

/** A small body as JSON, null when it is none. Reading ends where it grows too large, before anything is parsed. */
export async function read({ headers, body }: Request): Promise<RequestBody> {
  const refused: RequestBody = { ok: false, refusal: 'too-large' };
  if (Number(headers.get('content-length')) > most) return refused;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body ?? []) {
      size += part.length;
      if (size > most) return refused;
      parts.push(part);
    }
    return { ok: true, json: JSON.parse(Buffer.concat(parts).toString()) };
  } catch {
    return { ok: true, json: null };
  }
}
