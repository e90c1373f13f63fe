import { strFromU8, unzipSync } from 'fflate';
import { readPdf } from './pdf.ts';
import { request } from './program.ts';

/** Something that was handed out: a page, its data, a file, a mail. */
export type Handed = { to: string; at: string; type: string; bytes: Uint8Array };

/**
 * A piece of text in it. where: what kind of place. figure: a place for figures, where every number is one. drawn: a
 * length or place in a picture, or a number that a program reads: exact, and not rounded for people.
 */
type Piece = { where: string; text: string; figure: boolean; drawn?: boolean };

const decoded = (text: string) =>
  text
    .replaceAll(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) =>
      String.fromCodePoint(parseInt(code, hex ? 16 : 10)),
    )
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Attributes that name, point, stand upright or dress, and hold nothing that somebody reads. */
const plain =
  /^(href|action|formaction|src|id|class|name|for|rel|lang|type|role|method|integrity|nonce|r|y|y1|y2|height|viewBox|d)$/;
const drawn = /^(x|x1|x2|cx|width|style)$/;

function piecesOfHtml(html: string): Piece[] {
  const found: Piece[] = [];
  const rest = html
    .replaceAll(/<!--([\s\S]*?)-->/g, (_, text: string) => {
      if (!/^\[?[-0-9a-z]*[\]!]?$/.test(text))
        found.push({ where: 'comment', text: decoded(text), figure: false });
      return '';
    })
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<script[^>]*>([\s\S]*?)<\/script>/g, (_, text: string) => {
      if (text.trim()) found.push({ where: 'script', text, figure: false });
      return '';
    });
  // Cells and the words of a picture: the innermost element that is a place for figures.
  let inFigure = false;
  for (const [, tag, text] of rest.matchAll(/(<[^>]*>)|([^<]+)/g)) {
    if (text !== undefined) {
      if (text.trim()) found.push({ where: 'text', text: decoded(text), figure: inFigure });
      continue;
    }
    if (/^<(td|th|tr|text|p|li|div)\b/.test(tag!))
      inFigure = /^<(td|text)\b[^>]*class="[^"]*\b(number|value)\b/.test(tag!);
    if (/^<\/(td|text)/.test(tag!)) inFigure = false;
    for (const [, name, value] of tag!.matchAll(/\s([\w:-]+)="([^"]*)"/g))
      if (!plain.test(name!) && /\d/.test(value!)) {
        const figure = /^data-/.test(name!);
        found.push({ where: name!, text: decoded(value!), figure, drawn: drawn.test(name!) });
      }
  }
  return found;
}

function piecesOfXlsx(bytes: Uint8Array): Piece[] {
  return Object.entries(unzipSync(bytes)).flatMap(([name, part]): Piece[] => {
    const xml = strFromU8(part);
    const hidden = /<sheet\b[^>]*\bstate="(hidden|veryHidden)"/.test(xml)
      ? [{ where: `${name} hidden sheet`, text: 'a hidden sheet: 99.123456', figure: true }]
      : [];
    if (/worksheets\//.test(name)) {
      const cells = [...xml.matchAll(/<c\b([^>]*)>([\s\S]*?)<\/c>/g)].map(([, attributes, inside]) => {
        const isText = /\bt="(s|inlineStr|str)"/.test(attributes!);
        const text = decoded(inside!.replaceAll(/<[^>]*>/g, ' ')).trim();
        return {
          where: `${name} cell`,
          text: /\bt="s"/.test(attributes!) ? '' : text,
          figure: !isText,
          drawn: !isText,
        };
      });
      return [...hidden, ...cells];
    }
    if (/styles\.xml|theme|\.rels$|Content_Types/.test(name)) return hidden;
    const texts = [...xml.matchAll(/>([^<]+)</g)].map(([, text]) => decoded(text!));
    const isNote = /comment|note/i.test(name);
    return [...hidden, ...texts.map((text) => ({ where: name, text, figure: isNote }))];
  });
}

/** Cells of CSV, whatever parts them. */
const piecesOfCsv = (text: string): Piece[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) =>
      line.split(line.includes(';') ? ';' : ',').map((cell) => ({
        where: 'cell',
        text: cell.replaceAll('"', ''),
        figure: /^"?-?[\d.,]+"?$/.test(cell),
        drawn: true,
      })),
    );

/** A page's data as SvelteKit sends it: every number that stands by itself in the flat list is a value. */
function piecesOfData(text: string): Piece[] {
  const found: Piece[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const { nodes = [] } = JSON.parse(line) as { nodes?: ({ data?: unknown[] } | null)[] };
    for (const one of nodes.flatMap((node) => node?.data ?? []))
      if (typeof one === 'number')
        found.push({ where: 'data', text: String(one), figure: true, drawn: true });
      else if (typeof one === 'string') found.push({ where: 'data text', text: one, figure: false });
  }
  return found;
}

export function pieces({ type, at, bytes }: Handed): Piece[] {
  const text = () => Buffer.from(bytes).toString();
  if (/spreadsheet|zip/.test(type)) return piecesOfXlsx(bytes);
  if (/pdf/.test(type)) {
    const read = readPdf(bytes);
    const texts = [read.text, read.title ?? '', ...read.alts];
    return texts.map((one) => ({ where: 'text', text: one, figure: false }));
  }
  if (/csv/.test(type)) return piecesOfCsv(text());
  if (at.includes('__data.json')) return piecesOfData(text());
  if (/html/.test(type)) return piecesOfHtml(text());
  return [{ where: 'text', text: text(), figure: false }];
}

/** A number as somebody wrote it. value of a percentage: of 100. */
export type Numeral = { spelt: string; value: number; decimals: number; percent: boolean };

/** Numbers in a text. Days, times and what belongs to a longer word (codes, keys) are none. */
export function numerals(text: string): Numeral[] {
  const found: Numeral[] = [];
  const bare = text
    .replaceAll(/\b\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?/g, ' ')
    .replaceAll(/\b\d{1,2}\.? \p{L}{3,}\.? 20\d\d(,? (kl\. |at )?\d{1,2}[.:]\d\d)?/gu, ' ')
    .replaceAll(/\b\d{1,2}[.:]\d{2}(?=\s*(–|-|$|[).,]|og|to|til|and))(?<=kl\.? ?\d{1,2}[.:]\d{2})/gi, ' ')
    .replaceAll(/\b\d{1,2}\. ?\d{1,2}\. ?\d{4}\b/g, ' ')
    .replaceAll(/(?<=[\d])\u00a0(?=\d{3}\b)/g, '');
  for (const [spelt, whole, , part, percent] of bare
    .matchAll(/(?<![\p{L}\d_#/-])(\d+)(([.,])(\d+))?(?:(\s?%)|(?![\p{L}\d_]))/gu)
    .map((m) => [m[0], m[1], m[3], m[4], m[5]] as const))
    found.push({
      spelt,
      value: Number(`${whole}.${part ?? 0}`),
      decimals: part?.length ?? 0,
      percent: percent !== undefined,
    });
  return found;
}

const linksIn = (html: string, at: URL): string[] => {
  const found: string[] = [];
  for (const [, address] of html.matchAll(/\shref="([^"]+)"/g)) found.push(decoded(address!));
  // Forms that only ask.
  for (const [form] of html.matchAll(/<form\b[\s\S]*?<\/form>/g)) {
    const head = /^<form\b[^>]*>/.exec(form)![0];
    if (/method="post"/i.test(head)) continue;
    const action = decoded(/\saction="([^"]*)"/.exec(head)?.[1] ?? at.pathname);
    for (const [, select, options] of form.matchAll(
      /<select\b[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
    ))
      for (const [, value] of options!.matchAll(/<option\b[^>]*value="([^"]*)"/g))
        found.push(`${action}?${select}=${encodeURIComponent(decoded(value!))}`);
    for (const [input] of form.matchAll(/<input\b[^>]*type="(radio|checkbox|hidden)"[^>]*>/g)) {
      const [name, value] = [/name="([^"]+)"/, /value="([^"]*)"/].map((of) => of.exec(input)?.[1]);
      if (name) found.push(`${action}?${name}=${encodeURIComponent(value ?? 'on')}`);
    }
  }
  return found;
};

/** Addresses alike but for their query are one kind: so many of each are looked at, more where figures are. */
const mostOf = (path: string) => (/^\/(results|meetings)\/.*\/(screen|[A-Z]\w*)$/.test(path) ? 8 : 2);

/**
 * Everything that somebody with this cookie can reach from these addresses by links, files and forms that only ask,
 * and the data of each page. past: pages that are passed by. most: instead of more of each kind where figures are.
 */
export async function crawl(
  origin: string,
  to: string,
  cookie: string,
  from: string[],
  { past, most }: { past?: RegExp; most?: number } = {},
): Promise<Handed[]> {
  const seen = new Set<string>();
  const kinds = new Map<string, number>();
  const waiting = from.map((at) => new URL(at, origin).href);
  const handed: Handed[] = [];
  const ask = async (address: string) => {
    const { status, headers, bytes } = await request(address, { headers: { cookie, accept: 'text/html' } });
    const at = address.slice(origin.length);
    if (headers.location) waiting.push(new URL(headers.location, address).href);
    if (status >= 500) throw new Error(`${at} gave ${to} ${status}`);
    const type = String(headers['content-type'] ?? '');
    if (status === 200) handed.push({ to, at, type, bytes });
    return status === 200 && /html/.test(type) ? bytes.toString() : '';
  };
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const url = new URL(next);
    url.hash = '';
    if (url.origin !== origin || seen.has(url.href)) continue;
    seen.add(url.href);
    if (
      past?.test(url.pathname) ||
      /^\/(_app|fonts|favicon|sign-out|icon|robots)/.test(url.pathname) ||
      /\.(js|css|svg|png|woff2?)$/.test(url.pathname)
    )
      continue;
    const kind = url.pathname;
    if (url.search && (kinds.get(kind) ?? 0) >= (most ?? mostOf(kind))) continue;
    if (url.search) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const html = await ask(url.href);
    if (!html) continue;
    for (const link of linksIn(html, url))
      if (URL.canParse(link, url.href)) waiting.push(new URL(link, url.href).href);
    if (/^\/(results|evaluations|meetings|said|sjekk|m|due|follow-up|reports)\b/.test(url.pathname))
      await ask(`${origin}${url.pathname.replace(/\/$/, '')}/__data.json${url.search}`);
  }
  return handed;
}
