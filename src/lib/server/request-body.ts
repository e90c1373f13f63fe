/** Far more than any ballot needs, and nothing that could fill the memory of a server anybody may post to. */
const most = 64 * 1024;
/** Of a form the signs of what is written take more room, and it must come back to whoever wrote too much. */
const mostOfForm = 256 * 1024;

type RequestBody = { ok: true; json: unknown } | { ok: false; refusal: 'too-large' };

/** A small body as JSON, null when it is none. */
export async function read(request: Request): Promise<RequestBody> {
  try {
    const bytes = await upTo(most, request);
    if (!bytes) return { ok: false, refusal: 'too-large' };
    return { ok: true, json: JSON.parse(bytes.toString()) };
  } catch {
    return { ok: true, json: null };
  }
}

/** What a small form says, as browsers send one without files; null when it is too large. */
export async function form(request: Request): Promise<FormData | null> {
  const bytes = await upTo(mostOfForm, request);
  if (!bytes) return null;
  const said = new FormData();
  for (const [name, value] of new URLSearchParams(bytes.toString())) said.append(name, value);
  return said;
}

/** So many bytes at most, else null. Reading ends where it grows too large, before anything is parsed. */
async function upTo(limit: number, { headers, body }: Request): Promise<Buffer | null> {
  if (Number(headers.get('content-length')) > limit) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > limit) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
