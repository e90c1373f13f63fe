import { inflateSync } from 'node:zlib';

/** What a screen reader and a search find in a PDF that pdfkit wrote. */
type ReadPdf = {
  text: string;
  title: string | null;
  language: string | null;
  /** Of the whole and of all its parts. */
  languages: Set<string>;
  isTagged: boolean;
  /** Kinds of structure elements, in the order of their objects. */
  tags: string[];
  /** The words in place of pictures. */
  alts: string[];
  pages: number;
};

const utf16 = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** A PDF string as text: in parentheses, in bytes or (with a mark) in UTF-16. */
function string(raw: string): string {
  const plain = raw.replace(/\\([nrtbf()\\])/g, (_, sign: string) =>
    'nrtbf'.includes(sign) ? { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[sign]! : sign,
  );
  return plain.startsWith('\xfe\xff') ? utf16(Buffer.from(plain.slice(2), 'latin1').toString('hex')) : plain;
}

/** Every string of a dictionary's entry, balanced by escapes alone, as pdfkit writes them. */
const strings = (of: string, name: string) =>
  [...of.matchAll(new RegExp(`/${name} \\(((?:\\\\[\\s\\S]|[^\\\\)])*)\\)`, 'g'))].map(([, raw]) =>
    string(raw!),
  );

export function readPdf(bytes: Uint8Array): ReadPdf {
  const whole = Buffer.from(bytes).toString('latin1');
  const objects = new Map<string, { head: string; stream: string | null }>();
  for (const [, id, body] of whole.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = body!.indexOf('stream\n');
    if (at < 0 || !body!.includes('endstream')) {
      objects.set(id!, { head: body!, stream: null });
      continue;
    }
    const head = body!.slice(0, at);
    const raw = Buffer.from(body!.slice(at + 7, body!.lastIndexOf('\nendstream')), 'latin1');
    const stream = head.includes('FlateDecode') ? inflateSync(raw) : raw;
    objects.set(id!, { head, stream: stream.toString('latin1') });
  }
  const heads = [...objects.values()].map(({ head }) => head);
  const all = heads.join('\n');
  const one = (pattern: RegExp) => pattern.exec(all)?.[1] ?? null;

  const info = objects.get(one(/\/Title (\d+) 0 R/) ?? '')?.head ?? null;

  const glyphs = new Map<string, Map<number, string>>();
  for (const { head } of objects.values())
    for (const [, fonts] of head.matchAll(/\/Font <<([\s\S]*?)>>/g))
      for (const [, name, id] of fonts!.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
        const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id!)?.head ?? '')?.[1];
        if (map) glyphs.set(name!, toUnicode(objects.get(map)!.stream!));
      }
  const text: string[] = [];
  for (const [, contents] of all.matchAll(/\/Contents (\d+) 0 R/g)) {
    let font = new Map<number, string>();
    const stream = objects.get(contents!)!.stream!;
    for (const [, name, shown] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (name) font = glyphs.get(name) ?? new Map();
      else
        text.push(
          [...shown!.matchAll(/<([0-9a-f]+)>/g)]
            .flatMap(([, hex]) => hex!.match(/.{4}/g)!)
            .map((glyph) => font.get(parseInt(glyph, 16)) ?? '\ufffd')
            .join(''),
        );
    }
  }
  return {
    text: text.join('\n'),
    title: info && string(info.slice(1, -1)),
    language: strings(heads.find((head) => head.includes('/Type /Catalog')) ?? '', 'Lang')[0] ?? null,
    languages: new Set(strings(all, 'Lang')),
    isTagged: /\/Marked true/.test(all) && one(/\/StructTreeRoot (\d+) 0 R/) !== null,
    tags: [...all.matchAll(/\/S \/(\w+)/g)].map(([, tag]) => tag!),
    alts: strings(all, 'Alt'),
    pages: [...all.matchAll(/\/Type \/Page\b(?!s)/g)].length,
  };
}

/** Glyph to text, of a font's ToUnicode map. */
function toUnicode(map: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const [, first, , texts] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/g))
    [...texts!.matchAll(/<([0-9a-f ]+)>/g)].forEach(([, hex], i) =>
      found.set(parseInt(first!, 16) + i, utf16(hex!.replaceAll(' ', ''))),
    );
  return found;
}
