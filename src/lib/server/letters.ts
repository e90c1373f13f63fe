import { setImmediate as breathe } from 'node:timers/promises';
import * as Code from '#domain/code.ts';
import { fingerprintPrint, fingerprintSigns } from '#domain/keylist.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import type { Drawn } from '#server/codes.ts';
import { decorate, height, mm, pdf, sizeFor, square, tags, width, type Words, write } from '#server/pdf.ts';

/*
 * Paper: letters and slips with drawn codes, reminders without, and a poster with the fingerprint. Nothing here knows a
 * person.
 */

/** What stands on all paper of a round. origin: where the survey is answered. groupName: by the group's id. */
export type Paper = {
  round: { id: string; opensAt: Date; stopsAt: Date; fingerprint: Uint8Array };
  title: string;
  municipality: string;
  /** What the questionnaire says of itself, where it does. */
  intro?: string;
  /** Residents or relatives, none of whom gets a link. */
  isCrowd: boolean;
  /** Those who answer do so about their leader. */
  isLeader?: boolean;
  /** Fewest answers behind a figure. */
  factor: number;
  origin: string;
  language: Locale;
  groupName: (id: string) => string;
};

/** What a questionnaire says of itself stands on the paper up to so many signs; all of it is on the page. */
const longestIntro = { letter: 600, poster: 350 };
/** As on the pages (src/lib/ui/theme.css). */
const accent = '#1f5f5b';

export const address = ({ origin, round, language }: Paper) => `${origin}/svar/${round.id}/${language}`;
export const shown = (of: string) => of.replace(/^https?:\/\//, '');

/** The link that a code's QR code holds (docs/ballot-protocol.md). */
export const linkOf = (paper: Paper, code: string): string =>
  `${address(paper)}#${code}.${fingerprintSigns(paper.round.fingerprint)}`;

export const moment = (of: Date, language: Locale) =>
  of.toLocaleString(tags[language], {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Oslo',
  });

/** A day (ISO) in words. */
export const dayOf = (day: string, language: Locale) =>
  new Date(day).toLocaleDateString(tags[language], { weekday: 'long', day: 'numeric', month: 'long' });

/** A letter a page. The group stands where an envelope has its window. */
export const letters = (drawn: Drawn[], paper: Paper) =>
  pdf(paper.title, paper.language, async (doc, root) => {
    const { language, title, municipality, round } = paper;
    const l = { locale: language };
    const [left, wide] = [20 * mm, 170 * mm];
    for (const { group, code } of drawn) {
      doc.addPage();
      const part = doc.struct('Sect');
      root.add(part);
      const text = (tag: 'H1' | 'P', words: string, at: Partial<Words> & { y: number }) =>
        write(doc, part, tag, words, { x: left, width: wide, size: 12, gap: 3 * mm, ...at });
      text('P', paper.groupName(group), { y: 50 * mm, width: 80 * mm });
      let y = text('H1', m.code_letter_greeting({}, l), { y: 95 * mm, size: 22, font: 'bold', gap: 5 * mm });
      const window = { opens: moment(round.opensAt, language), stops: moment(round.stopsAt, language) };
      y = text('P', m.code_letter_what({ title, municipality, ...window }, l), { y });
      const { intro = '' } = paper;
      if (intro && intro.length <= longestIntro.letter) y = text('P', intro, { y });
      y = text('P', m.code_letter_group({ group: paper.groupName(group) }, l), { y });
      y = text('P', m.code_letter_nobody({}, l), { y, gap: 6 * mm });
      const side = 45 * mm;
      const beside = { x: left + side + 8 * mm, width: wide - side - 8 * mm };
      square(doc, part, linkOf(paper, code), m.code_letter_alt({ code: Code.print(code) }, l), {
        x: left,
        y,
        side,
      });
      let by = text('P', m.code_letter_code({}, l), { ...beside, y, gap: 0 });
      by = text('P', Code.print(code), { ...beside, y: by, size: 26, font: 'bold' });
      by = text('P', m.code_letter_phone({}, l), { ...beside, y: by });
      by = text('P', m.code_letter_type({ address: shown(address(paper)) }, l), { ...beside, y: by });
      y = Math.max(y + side, by) + 5 * mm;
      y = text('P', m.code_letter_once({}, l), { y, gap: 6 * mm });
      y = text('P', m.code_letter_print({}, l), { y, size: 10, gap: mm });
      text('P', fingerprintPrint(round.fingerprint), { y, size: 11, font: 'bold' });
      part.end();
      // Hundreds of letters take seconds; those who answer meanwhile do not wait for them.
      await breathe();
    }
  });

/**
 * A reminder a page, for all who answer by code: nobody knows who of them has. It says where the code is, and who has
 * another. asksCrowd: residents or relatives, who know no HR.
 */
export const reminders = (groups: string[], paper: Paper, asksCrowd: boolean) =>
  pdf(paper.title, paper.language, async (doc, root) => {
    const { language, title, municipality, round } = paper;
    const l = { locale: language };
    const [left, wide, side] = [20 * mm, 170 * mm, 35 * mm];
    const where = { address: shown(address(paper)) };
    for (const id of groups) {
      const group = paper.groupName(id);
      doc.addPage();
      const part = doc.struct('Sect');
      root.add(part);
      const text = (tag: 'H1' | 'H2' | 'P', words: string, at: Partial<Words> & { y: number }) =>
        write(doc, part, tag, words, { x: left, width: wide, size: 12, gap: 3 * mm, ...at });
      const heading = { size: 14, font: 'bold', gap: mm } as const;
      text('P', group, { y: 50 * mm, width: 80 * mm });
      let y = text('H1', m.code_reminder_title({}, l), { y: 95 * mm, size: 22, font: 'bold', gap: 5 * mm });
      const said = { title, municipality, stops: moment(round.stopsAt, language) };
      y = text('P', m.code_reminder_what(said, l), { y });
      y = text('P', m.code_reminder_all({ group }, l), { y, gap: 6 * mm });
      y = text('H2', m.code_reminder_where_title({}, l), { y, ...heading });
      y = text('P', m.code_reminder_where({}, l), { y, gap: 5 * mm });
      square(doc, part, address(paper), m.code_reminder_alt({}, l), { x: left, y, side });
      const beside = { x: left + side + 8 * mm, width: wide - side - 8 * mm };
      const by = text('P', m.code_reminder_how(where, l), { ...beside, y });
      y = Math.max(y + side, by) + 6 * mm;
      y = text('H2', m.code_reminder_lost_title({}, l), { y, ...heading });
      const lost = asksCrowd ? m.code_reminder_lost_crowd : m.code_reminder_lost;
      y = text('P', lost({}, l), { y, gap: 6 * mm });
      y = text('P', m.code_letter_print({}, l), { y, size: 10, gap: mm });
      text('P', fingerprintPrint(round.fingerprint), { y, size: 11, font: 'bold' });
      part.end();
      await breathe();
    }
  });

const columns = 2;
const rows = 4;

/** Eight slips a page, with lines to cut along. */
export const slips = (drawn: Drawn[], paper: Paper) =>
  pdf(paper.title, paper.language, async (doc, root) => {
    const { language, title, round } = paper;
    const l = { locale: language };
    const [wide, high] = [width / columns, height / rows];
    for (const [i, { group, code }] of drawn.entries()) {
      const place = i % (columns * rows);
      if (place === 0) {
        doc.addPage();
        decorate(doc, () => {
          doc.lineWidth(0.5).dash(3, { space: 3 }).moveTo(wide, 0).lineTo(wide, height);
          for (let row = 1; row < rows; row++) doc.moveTo(0, row * high).lineTo(width, row * high);
          doc.stroke('#777').undash();
        });
      }
      const [x, top] = [(place % columns) * wide + 9 * mm, Math.floor(place / columns) * high + 7 * mm];
      const part = doc.struct('Sect');
      root.add(part);
      const text = (tag: 'H2' | 'P', words: string, at: Partial<Words> & { y: number }) =>
        write(doc, part, tag, words, { x, width: wide - 17 * mm, size: 8.5, gap: mm, ...at });
      const head = { width: wide - 17 * mm, high: 11 * mm } as const;
      let y = text('H2', title, {
        y: top,
        size: sizeFor(doc, 'bold', title, 11, head),
        font: 'bold',
        gap: 0,
      });
      const whose = `${paper.groupName(group)}. ${m.code_slip_stops({ stops: moment(round.stopsAt, language) }, l)}`;
      y = text('P', whose, { y, size: sizeFor(doc, 'regular', whose, 8.5, head), gap: 1.5 * mm });
      const side = 27 * mm;
      square(doc, part, linkOf(paper, code), m.code_letter_alt({ code: Code.print(code) }, l), {
        x,
        y,
        side,
      });
      const beside = { x: x + side + 3 * mm, width: wide - 17 * mm - side - 3 * mm };
      let by = text('P', Code.print(code), { ...beside, y, size: 15, font: 'bold' });
      by = text('P', m.code_letter_type({ address: shown(address(paper)) }, l), { ...beside, y: by });
      y = Math.max(y + side, by) + 1.5 * mm;
      text('P', `${m.code_poster_print({}, l)}: ${fingerprintPrint(round.fingerprint)}`, { y, size: 7.5 });
      part.end();
      await breathe();
    }
  });

/** A poster that informs and shows the fingerprint, to be compared with the page. No code is on it. Always one page. */
export const poster = (paper: Paper) =>
  pdf(paper.title, paper.language, async (doc, root) => {
    const { language, title, municipality, round, intro = '' } = paper;
    const l = { locale: language };
    doc.addPage();
    const [left, wide, side] = [22 * mm, 166 * mm, 35 * mm];
    const largest = sizeFor(doc, 'bold', title, 42, { width: wide, high: 42 * mm });
    const window = { opens: moment(round.opensAt, language), stops: moment(round.stopsAt, language) };
    const print = fingerprintPrint(round.fingerprint);
    const [plain, heading] = [{ tag: 'P', size: 16.5, gap: 5 * mm } as const, { font: 'bold' } as const];
    const blocks: ({ tag: 'H1' | 'H2' | 'P'; words: string } & Pick<Words, 'size' | 'gap' | 'font'>)[] = [
      { ...plain, words: municipality, size: 15, gap: 2 * mm },
      { ...plain, ...heading, tag: 'H1', words: title, size: largest, gap: 9 * mm },
      { ...plain, words: m.code_poster_what(window, l) },
      ...(intro && intro.length <= longestIntro.poster ? [{ ...plain, words: intro }] : []),
      ...(paper.isLeader ? [{ ...plain, words: m.evaluation_poster({}, l) }] : []),
      { ...plain, words: paper.isCrowd ? m.code_poster_how_crowd({}, l) : m.code_poster_how({}, l) },
      { ...plain, words: m.code_poster_shown({ factor: paper.factor }, l), gap: 11 * mm },
      { ...plain, ...heading, tag: 'H2', words: m.code_poster_print({}, l), size: 20, gap: 3 * mm },
      { ...plain, ...heading, words: `${print.slice(0, 19)}\n${print.slice(20)}`, size: 36 },
      {
        ...plain,
        words: paper.isCrowd ? m.code_poster_compare_crowd({}, l) : m.code_poster_compare({}, l),
        gap: 9 * mm,
      },
    ];
    const [from, to] = [26 * mm, height - 18 * mm];
    const needed = (scale: number) =>
      blocks.reduce((sum, { words, size, font = 'regular', gap = 0 }) => {
        const high = doc.font(font, size * scale).heightOfString(words, { width: wide, lineGap: 1.5 });
        return sum + high + gap * scale;
      }, side);
    const scale = [1.1, 1, 0.9, 0.8, 0.7].find((one) => needed(one) <= to - from) ?? 0.6;
    decorate(doc, () => doc.rect(0, 0, width, 9 * mm).fill(accent));
    doc.fillColor('black');
    let y = from;
    for (const { tag, words, size, font, gap = 0 } of blocks)
      y = write(doc, root, tag, words, {
        x: left,
        y,
        width: wide,
        // The title is as large as its longest word allows.
        size: size * (tag === 'H1' ? Math.min(scale, 1) : scale),
        font,
        gap: gap * scale,
      });
    const check = `${paper.origin}/sjekk/${round.id}`;
    square(doc, root, check, m.code_poster_alt({}, l), { x: left, y, side });
    write(doc, root, 'P', m.code_poster_check({ address: shown(check) }, l), {
      ...{ x: 65 * mm, y: y + 9 * mm, width: 123 * mm, size: 14 },
    });
  });
