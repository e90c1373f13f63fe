import { setImmediate as breathe } from 'node:timers/promises';
import * as Code from '#domain/code.ts';
import type { Help } from '#domain/help.ts';
import { fingerprintPrint } from '#domain/keylist.ts';
import { boxes, smallest } from '#domain/paper-batch.ts';
import { type Questionnaire, scaleOf, type Statement, text as inWords } from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Drawn } from '#server/codes.ts';
import { address, linkOf, moment, type Paper, shown } from '#server/letters.ts';
import {
  decorate,
  type Doc,
  height,
  mm,
  type Part,
  pdf,
  square,
  width,
  type Words,
  write,
} from '#server/pdf.ts';
import { offersOf } from '#server/resident-page.ts';

/*
 * The questionnaire on paper: a form per drawn code, to tick and hand in sealed, or to answer on the web instead. Each
 * form is whole sheets, so that two of them never share one when both sides are printed.
 */

/** What a form says beside what all paper does. to: who is to have the envelope. by: the last day, in words. */
type Handing = {
  questionnaire: Questionnaire;
  help: Help;
  to: string;
  by: string;
  /** A draft, to look at: what is said of it and marked across each page, and words for what no round has given yet. */
  draft?: { what: string; mark: string; stops: string; address: string };
};

const [left, wide] = [20 * mm, 170 * mm];
const [top, bottom] = [18 * mm, 276 * mm];
const side = 5 * mm;
/** More boxes than this stand under one another. */
const mostBeside = 7;

type Sheet = { doc: Doc; part: Part; y: number; around: () => void; pages: number };
type Row = { text: string; choices: string[] };
/** isLarge: few words, large and under one another. columns: so many boxes beside each other, the same all the way. */
type Style = { isLarge: boolean; columns: number };

export const forms = (drawn: Drawn[], paper: Paper, handing: Handing) =>
  pdf(paper.title, paper.language, async (doc, root) => {
    for (const { group, code } of drawn) {
      const part = doc.struct('Sect');
      root.add(part);
      const around = () => {
        if (handing.draft) marked(sheet, handing.draft.mark);
        footer(sheet, code, paper);
      };
      const sheet: Sheet = { doc, part, y: top, pages: 0, around };
      turn(sheet);
      head(sheet, group, code, paper, handing);
      questions(sheet, paper, handing);
      if (sheet.pages % 2 === 1 && !handing.draft) turn(sheet);
      part.end();
      // A form is several pages; those who answer meanwhile do not wait for hundreds of them.
      await breathe();
    }
  });

function turn(sheet: Sheet) {
  sheet.doc.addPage();
  sheet.pages++;
  sheet.y = top;
  sheet.around();
}

/** Across the whole page, behind what is written on it. */
function marked({ doc }: Sheet, words: string) {
  decorate(doc, () => {
    doc.save().rotate(-52, { origin: [width / 2, height / 2] });
    doc.font('bold', 130).fillColor('#ececec');
    doc.text(words, 0, height / 2 - 80, { width, align: 'center', lineBreak: false });
    doc.restore().fillColor('black');
  });
}

/** Sheets that come apart find each other again. */
function footer({ doc, pages }: Sheet, code: string, { title, language }: Paper) {
  decorate(doc, () => {
    const words = `${title} · ${Code.print(code)} · ${m.paper_page({ page: pages }, { locale: language })}`;
    doc
      .font('regular', 8.5)
      .fillColor('#444')
      .text(words, left, 284 * mm, { width: wide, lineBreak: false });
    doc.fillColor('black');
  });
}

function say(sheet: Sheet, tag: 'H1' | 'H2' | 'P', words: string, at: Partial<Words> = {}) {
  sheet.y = write(sheet.doc, sheet.part, tag, words, {
    ...{ x: left, y: sheet.y, width: wide, size: 11.5, gap: 2 * mm },
    ...at,
  });
}

function head(sheet: Sheet, group: string, code: string, paper: Paper, handing: Handing) {
  const { to, by, questionnaire, draft } = handing;
  const { language, title, municipality, round } = paper;
  const l = { locale: language };
  const name = paper.groupName(group);
  if (draft) say(sheet, 'P', draft.what, { size: 12.5, font: 'bold', gap: 3 * mm });
  say(sheet, 'P', `${municipality} · ${name}`, { size: 10.5, gap: mm });
  say(sheet, 'H1', title, { size: 24, font: 'bold', gap: 3 * mm });
  if (questionnaire.intro) say(sheet, 'P', inWords(questionnaire.intro, language), { size: 12.5 });
  say(sheet, 'P', m.paper_how({}, l), { size: 12.5, gap: 4 * mm });

  say(sheet, 'H2', m.paper_hand_in({}, l), { size: 14, font: 'bold', gap: mm });
  say(sheet, 'P', m.paper_where({ to, by }, l));
  say(sheet, 'P', m.paper_reader({ group: name, smallest }, l));
  say(sheet, 'P', m.paper_left_over({ smallest }, l));
  say(sheet, 'P', `${m.code_letter_group({ group: name }, l)} ${m.code_letter_nobody({}, l)}`, {
    gap: 4 * mm,
  });

  const start = sheet.y;
  const qr = 32 * mm;
  const alt = m.code_letter_alt({ code: Code.print(code) }, l);
  if (draft) decorate(sheet.doc, () => sheet.doc.lineWidth(1).rect(left, start, qr, qr).stroke('#777'));
  else square(sheet.doc, sheet.part, linkOf(paper, code), alt, { x: left, y: start, side: qr });
  const beside = { x: left + qr + 7 * mm, width: wide - qr - 7 * mm, gap: mm };
  say(sheet, 'P', m.code_letter_code({}, l), { ...beside, gap: 0 });
  say(sheet, 'P', Code.print(code), { ...beside, size: 20, font: 'bold' });
  const web = draft ?? { address: shown(address(paper)), stops: moment(round.stopsAt, language) };
  say(sheet, 'P', m.paper_or_web({ address: web.address, stops: web.stops }, l), { ...beside, size: 10.5 });
  const print = `${m.code_poster_print({}, l)}: ${fingerprintPrint(round.fingerprint)}`;
  if (!draft) say(sheet, 'P', print, { ...beside, size: 9 });
  sheet.y = Math.max(sheet.y, start + qr) + 6 * mm;
}

function questions(sheet: Sheet, { language }: Paper, { questionnaire: asked, help }: Handing) {
  const words = (of: Parameters<typeof inWords>[0]) => inWords(of, language);
  const isSeveral = (one: Statement) => scaleOf(asked, one).choose === 'several';
  const row = (one: Statement): Row => ({
    text: isSeveral(one)
      ? `${words(one.text)} ${m.choice_several({}, { locale: language })}`
      : words(one.text),
    choices: boxes(asked, one).map(({ text }) => words(text)),
  });
  const filled = asked.themes.filter((theme) => theme.statements.length > 0);
  const themes = filled.map((theme) => ({ ...theme, rows: theme.statements.map(row) }));
  const counts = themes.flatMap(({ rows }) => rows.map(({ choices }) => choices.length));
  const columns = Math.max(...counts.filter((count) => count <= mostBeside), 1);
  const style = { isLarge: asked.kind === 'resident', columns };
  for (const { title: said, intro, rows } of themes) {
    title(sheet, words(said), intro && words(intro), rows[0]!, style);
    for (const one of rows) question(sheet, one, style);
  }
  const offers = offersOf(asked, help);
  const background = (asked.background ?? [])
    .map(({ kind, text, options }) => ({
      text: words(text),
      choices: options.filter(({ id }) => offers(kind, id)).map((option) => words(option.text)),
    }))
    .filter(({ choices }) => choices.length > 0);
  if (background.length === 0) return;
  const under = { ...style, columns: 0 };
  title(sheet, m.answer_background_title({}, { locale: language }), undefined, background[0]!, under);
  for (const one of background) question(sheet, one, under);
}

/** A theme's title never stands alone at the foot of a page. */
function title(sheet: Sheet, words: string, intro: string | undefined, first: Row, style: Style) {
  const own = 16 * mm + (intro ? 8 * mm : 0);
  if (sheet.y + own + tall(sheet.doc, first, style) > bottom) turn(sheet);
  sheet.y += sheet.y === top ? 0 : 3 * mm;
  say(sheet, 'H2', words, { size: style.isLarge ? 19 : 15, font: 'bold', gap: intro ? mm : 3 * mm });
  if (intro) say(sheet, 'P', intro, { gap: 3 * mm });
}

/** How a question is set: whether its boxes stand beside one another, how large its words are. */
const setting = ({ choices }: Row, { isLarge, columns }: Style) => {
  const beside = !isLarge && choices.length <= columns;
  const small = beside ? 10 : 11;
  const sizes = isLarge ? { size: 15, small: 14, line: 8.5 * mm } : { size: 12, small, line: 7 * mm };
  return { beside, column: wide / columns, ...sizes };
};

function tall(doc: Doc, row: Row, style: Style): number {
  const { beside, size, small, column, line } = setting(row, style);
  const of = (words: string, at: number, width: number) =>
    doc.fontSize(at).heightOfString(words, { width, lineGap: 1.5 });
  const asked = of(row.text, size, wide) + 2 * mm;
  if (!beside) return asked + row.choices.length * line + 5 * mm;
  const tallest = Math.max(...row.choices.map((words) => of(words, small, column - 3 * mm)));
  return asked + side + mm + tallest + 5 * mm;
}

function question(sheet: Sheet, row: Row, style: Style) {
  const { doc, part } = sheet;
  doc.font('bold');
  const needed = tall(doc, row, style);
  if (sheet.y + needed > bottom) turn(sheet);
  const end = sheet.y + needed;
  const { beside, size, small, column, line } = setting(row, style);
  say(sheet, 'P', row.text, { size, font: 'bold' });
  const list = doc.struct('L');
  part.add(list);
  for (const [i, words] of row.choices.entries()) {
    const [x, y] = beside ? [left + i * column, sheet.y] : [left, sheet.y + i * line];
    const box = beside ? side : side + mm;
    decorate(doc, () => doc.lineWidth(1).rect(x, y, box, box).stroke('black'));
    const item = doc.struct('LI');
    list.add(item);
    item.add(
      doc.struct('Lbl', {}, () => {
        doc.font('regular', 8).text(String(i + 1), x + box + mm, y + box - 8, { lineBreak: false });
      }),
    );
    const at = beside ? { x, y: y + side + mm } : { x: x + box + 5 * mm, y: y + box / 2 - small * 0.62 };
    const width = beside ? column - 3 * mm : wide - 20 * mm;
    item.add(
      doc.struct('LBody', {}, () => {
        doc.font('regular', small).text(words, at.x, at.y, { width, lineGap: 1.5 });
      }),
    );
    item.end();
  }
  list.end();
  sheet.y = end;
}
