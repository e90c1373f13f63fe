import { utf8 } from '#domain/bytes.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { type ShowCard, showCards } from '#domain/show-card.ts';
import { m } from '#messages';
import {
  head,
  header,
  langOf,
  languageLinks,
  localeOf,
  noReferrer,
  otherLang,
} from '#server/answer-parts.ts';
import { beside, type Shape, shapeOf } from '#server/answer-shapes.ts';
import { type Html, html } from '#server/html.ts';
import { decorate, type Doc, hasSigns, height, mm, type Part, pdf, width, write } from '#server/pdf.ts';
import { draw, hasShort, type ResidentPage } from '#server/resident-page.ts';

/*
 * The show card that a resident points at (docs/decisions/resident-page.md): a page, to be shown on another screen, and
 * PDF files to be printed, with the words and shapes of the answering page.
 */

export type Edition = 'full' | 'simple';
type Answer = { text: Questionnaire.Text; shape: Shape };

const answersOf = ({ points, beside: others }: ShowCard): Answer[] => [
  ...points.map((text, i) => ({ text, shape: shapeOf(i, points.length) })),
  ...others.map((text) => ({ text, shape: beside })),
];

/** The simplified edition has a card of its own where it asks on fewer scales. */
const editionsOf = (questionnaire: Questionnaire.Questionnaire): Edition[] => {
  const isSame = showCards(questionnaire, true).length === showCards(questionnaire, false).length;
  return hasShort(questionnaire) && !isSame ? ['full', 'simple'] : ['full'];
};

const fileOf: Record<Edition, string> = { full: 'svarkort.pdf', simple: 'svarkort-enkel.pdf' };

/** All that a round freezes of its show card in one language, by path below the language. */
export async function files(of: ResidentPage) {
  const printed: { path: string; contentType: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  const editions: Edition[] = [];
  for (const edition of editionsOf(of.questionnaire)) {
    const bytes = await print(of, edition);
    if (!bytes) continue;
    editions.push(edition);
    printed.push({ path: fileOf[edition], contentType: 'application/pdf', bytes: new Uint8Array(bytes) });
  }
  const shown = utf8(page(of, editions));
  return [{ path: 'svarkort', contentType: 'text/html; charset=utf-8', bytes: shown }, ...printed];
}

/** What the page shows: each scale in the words and shapes of the screen. above: said before them. */
export function cards(
  questionnaire: Questionnaire.Questionnaire,
  language: string,
  above?: Html | Html[],
): Html {
  const l = { locale: localeOf(language) };
  const row = ({ text, shape }: Answer) =>
    html`<li>
      ${draw(shape)}<span${langOf(text, language)}>${Questionnaire.text(text, language)}</span>
    </li>`;
  return html`<h1>${m.resident_card_title({}, l)}</h1>
    <p class="lead">${m.resident_card_what({}, l)}</p>
    ${above ?? false}
    ${showCards(questionnaire, false).map(
      (one): Html =>
        html`<ul class="card">
          ${answersOf(one).map(row)}
        </ul>`,
    )}`;
}

/** The page in one language, with what there is to print; where there is nothing, the browser prints the page itself. */
export function page(of: ResidentPage, printed: Edition[]): string {
  const { round, questionnaire, language, languages, styleHash } = of;
  const locale = localeOf(language);
  const l = { locale };
  const at = `/svar/${round.id}`;
  const link: Record<Edition, () => string> = {
    full: () => m.resident_card_link({}, l),
    simple: () => m.resident_card_simple({}, l),
  };
  const links = printed.map(
    (edition) => html`<p><a href="${at}/${language}/${fileOf[edition]}">${link[edition]()} (PDF)</a></p>`,
  );
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        ${noReferrer} ${head(m.resident_card_title({}, l), at, styleHash)}
      </head>
      <body>
        ${header(of, languages.length > 1 && languageLinks(languages, language, at, '/svarkort'), locale)}
        <main class="cards">
          ${cards(questionnaire, language, links.length > 0 ? links : html`<p>${m.resident_card_browser({}, l)}</p>`)}
        </main>
      </body>
    </html> `.markup;
}

const margin = 15 * mm;
const [top, bottom] = [30 * mm, height - margin];
const [tallest, largest, smallest] = [72 * mm, 60, 12];
/** As on the screen, in the colours of the light page (src/answer/resident.css). */
const colours = { low: '#6a3d9a', middle: '#8a5a00', high: '#1a5f9e' };
const black = '#1a1a1a';

/** A card a page, one large answer a line. null: in a script that our font lacks; then browsers print the page. */
export async function print(of: ResidentPage, edition: Edition): Promise<Uint8Array | null> {
  const { questionnaire, language } = of;
  const cards = showCards(questionnaire, edition === 'simple').map(answersOf);
  const title = Questionnaire.text(questionnaire.title, language);
  const name = m.resident_card_title({}, { locale: localeOf(language) });
  const words = cards.flat().map(({ text }) => Questionnaire.text(text, language));
  if (!hasSigns([title, name, ...words].join(''))) return null;
  return await pdf(`${name}: ${title}`, localeOf(language), async (doc, root) => {
    for (const answers of cards) {
      doc.addPage();
      const part = doc.struct('Sect');
      root.add(part);
      const wide = width - 2 * margin;
      const at = { x: margin, y: 12 * mm, width: wide, size: 11 };
      const y = write(doc, part, 'P', title, at, otherLang(questionnaire.title, language));
      write(doc, part, 'H1', name, { ...at, y, size: 16, font: 'bold' });
      lines(doc, part, answers, language);
      part.end();
    }
  });
}

function lines(doc: Doc, part: Part, answers: Answer[], language: string) {
  const gap = answers.length > 6 ? 3 * mm : 6 * mm;
  const tall = Math.min(tallest, (bottom - top - gap * (answers.length - 1)) / answers.length);
  const side = Math.min(tall * 0.7, 46 * mm);
  const x = margin + side + 18 * mm;
  const room = { width: width - margin - 6 * mm - x, height: tall - 4 * mm };
  const size = sizeForAll(
    doc,
    answers.map(({ text }) => Questionnaire.text(text, language)),
    room,
  );
  const list = doc.struct('L');
  part.add(list);
  for (const [i, { text, shape }] of answers.entries()) {
    const y = top + i * (tall + gap);
    decorate(doc, () => {
      doc
        .lineWidth(2)
        .roundedRect(margin, y, width - 2 * margin, tall, 4 * mm)
        .stroke('#555');
      paint(doc, shape, margin + 9 * mm, y + (tall - side) / 2, side);
    });
    const words = Questionnaire.text(text, language);
    const lang = otherLang(text, language);
    const high = doc.font('bold', size).heightOfString(words, { width: room.width });
    const item = doc.struct('LI');
    list.add(item);
    item.add(
      doc.struct('LBody', lang ? { lang } : {}, () => {
        doc.fillColor(black).text(words, x, y + (tall - high) / 2, { width: room.width });
      }),
    );
    item.end();
  }
  list.end();
}

/** The largest type in which every answer fits its line, no word cut in two. */
function sizeForAll(doc: Doc, all: string[], room: { width: number; height: number }): number {
  const fits = (words: string) =>
    doc.heightOfString(words, { width: room.width }) <= room.height &&
    words.split(/\s+/).every((word) => doc.widthOfString(word) <= room.width);
  for (let size = largest; size > smallest; size--) {
    doc.font('bold', size);
    if (all.every(fits)) return size;
  }
  return smallest;
}

function paint(doc: Doc, { height: of, size, strokes }: Shape, x: number, y: number, side: number) {
  const colour = of ? colours[of] : black;
  doc
    .save()
    .translate(x, y)
    .scale(side / size)
    .lineCap('round')
    .lineJoin('round');
  for (const { path, how } of strokes) {
    doc.path(path).lineWidth(how === 'cut' ? 5 : 3);
    if (how === 'filled') doc.fillAndStroke(colour, colour);
    else if (how === 'dashed') doc.dash(5, { space: 6 }).stroke(colour).undash();
    else doc.stroke(how === 'cut' ? 'white' : colour);
  }
  doc.restore();
}
