import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import type { Locale } from '#messages/runtime';

/*
 * Tagged PDF (PDF/UA) with a structure, a title, a language and words for every picture, and fonts that have the letters
 * of all languages of the country.
 */

const { resolve } = createRequire(import.meta.url);
const fonts = {
  regular: () => resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  bold: () => resolve('@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf'),
};
export const tags: Record<Locale, string> = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB', se: 'se-NO' };
export const mm = 72 / 25.4;
export const [width, height] = [210 * mm, 297 * mm];

export type Doc = PDFKit.PDFDocument;
export type Part = PDFKit.PDFStructureElement;

/** A document with a root to hang its parts on; `draw` fills it. */
export async function pdf(
  title: string,
  language: Locale,
  draw: (doc: Doc, root: Part) => Promise<void>,
): Promise<Uint8Array> {
  const options = {
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7' as const,
    // Newer than its types.
    subset: 'PDF/UA' as never,
    tagged: true,
    lang: tags[language],
    displayTitle: true,
    font: null as never,
    info: { Title: title, Creator: 'Medvirk', Producer: 'Medvirk' },
  } satisfies PDFKit.PDFDocumentOptions;
  const doc = withFonts(new PDFDocument(options));
  const parts: Buffer[] = [];
  const whole = new Promise<Uint8Array>((done, fail) => {
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.on('end', () => done(new Uint8Array(Buffer.concat(parts))));
    doc.on('error', fail);
  });
  const root = doc.struct('Document');
  doc.addStructure(root);
  await draw(doc, root);
  root.end();
  doc.end();
  return await whole;
}

function withFonts(doc: Doc): Doc {
  doc.registerFont('regular', fonts.regular());
  doc.registerFont('bold', fonts.bold());
  return doc;
}

/** Whether the fonts of all paper have every sign of a text. */
export function hasSigns(text: string): boolean {
  const doc = withFonts(new PDFDocument({ autoFirstPage: false, font: null as never })).font('bold');
  // The font itself, which pdfkit has no words for.
  const { font } = (doc as unknown as { _font: { font: { hasGlyphForCodePoint(sign: number): boolean } } })
    ._font;
  return [...text].every((sign) => font.hasGlyphForCodePoint(sign.codePointAt(0)!));
}

export type Words = {
  x: number;
  y: number;
  width: number;
  size: number;
  font?: 'regular' | 'bold';
  align?: 'center';
  gap?: number;
};

/** One piece of text, tagged; gives where the next may begin. lang: where it is not the document's. */
export function write(
  doc: Doc,
  into: Part,
  tag: 'H1' | 'H2' | 'P',
  text: string,
  at: Words,
  lang?: string,
): number {
  const { x, y, width, size, font = 'regular', align, gap = 0 } = at;
  into.add(
    doc.struct(tag, lang ? { lang } : {}, () => {
      doc.font(font, size).text(text, x, y, { width, align, lineGap: 1.5 });
    }),
  );
  return doc.y + gap;
}

/** Something to look at that says nothing: lines to cut along. */
export function decorate(doc: Doc, draw: () => void) {
  doc.markContent('Artifact', { type: 'Layout' });
  draw();
  doc.endMarkedContent();
}

/** A QR code of so many points a side, with words in its place. */
export function square(
  doc: Doc,
  into: Part,
  text: string,
  alt: string,
  at: { x: number; y: number; side: number },
) {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const one = at.side / size;
  into.add(
    doc.struct('Figure', { alt, bbox: [at.x, at.y, at.x + at.side, at.y + at.side] } as never, () => {
      for (let row = 0; row < size; row++)
        for (let from = 0; from < size; from++) {
          if (!data[row * size + from]) continue;
          let to = from;
          while (to < size && data[row * size + to]) to++;
          doc.rect(at.x + from * one, at.y + row * one, (to - from) * one, one);
          from = to;
        }
      doc.fill('black');
    }),
  );
}

/** The largest size, from one down, in which some words stand within a width and a height, none cut in two. */
export function sizeFor(
  doc: Doc,
  font: 'regular' | 'bold',
  words: string,
  from: number,
  within: { width: number; high: number },
): number {
  const fits = (size: number) =>
    doc.font(font, size).heightOfString(words, { width: within.width, lineGap: 1.5 }) <= within.high &&
    words.split(/\s+/).every((word) => doc.widthOfString(word) <= within.width);
  for (let size = from; size > 5.5; size -= 0.5) if (fits(size)) return size;
  return 5.5;
}
