import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { slots, textAt } from '#domain/draft.ts';
import { byDefault } from '#domain/help.ts';
import { isHouse } from '#domain/language.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { defaults } from '#domain/round.ts';
import { m } from '#messages';
import {
  backgroundFields,
  commentFields,
  langOf,
  languageName,
  localeOf,
  statement,
} from '#server/answer-parts.ts';
import { type Html, html } from '#server/html.ts';
import { forms } from '#server/paper-forms.ts';
import { hasShort, screens } from '#server/resident-page.ts';
import { cards, type Edition } from '#server/show-card.ts';

/**
 * How a draft is looked at. phone: as narrow as one; card: the show card of residents; paper: the form, as it is printed.
 * What residents are asked is shown on the resident's own page.
 */
export const looks = ['phone', 'screen', 'card', 'paper'] as const;
type Look = (typeof looks)[number];
type Content = Questionnaire.Questionnaire;
type Locale = ReturnType<typeof localeOf>;

/** What is looked at. at: the address of the draft's pages; back: the words of the way to them. */
export type Sight = { look: Look; language: string; edition: Edition; at: string; back: string };

const names: Record<Look, (inputs: object, options: { locale: Locale }) => string> = {
  phone: m.draft_preview_phone,
  screen: m.draft_preview_screen,
  card: m.draft_preview_card,
  paper: m.draft_preview_paper,
};

const isResident = ({ kind }: Content) => kind === 'resident';
const looksOf = (content: Content) => looks.filter((look) => look !== 'card' || isResident(content));

/** Whether residents choose between all the statements and some of them. */
export const hasEditions = (content: Content): boolean => isResident(content) && hasShort(content);

/** Beside the answering page's own style: a bar that is not printed, and a frame as narrow as a small phone. */
const extra = `.bar{border-bottom:1px solid var(--hair);background:var(--tint);padding:.75rem min(1.25rem,5vw)}
.bar a{color:var(--accent)}
.bar nav a[aria-current]{font-weight:700;text-decoration:none}
.phone main,.phone .page{width:20rem;max-width:100%}
.phone main{padding-inline:0}
.phone .page{border:1px solid var(--line);border-radius:1.5rem;margin-block:1.5rem;padding:1.25rem 1rem}
.phone h1{font-size:1.5rem;hyphens:auto}
.page{border-top:1px solid var(--hair);margin-top:2.5rem;padding-top:1rem}
.page>section[hidden],.page [data-read]{display:block!important}
@media print{.bar{display:none}.page{break-inside:avoid}}`;

/** A text that is missing in every language is seen as missing, never as an empty line. */
function filled(content: Content, locale: Locale): Content {
  const copy = structuredClone(content);
  for (const slot of slots(copy)) {
    const text = textAt(slot);
    if (text?.nb || (!text && slot.isOptional)) continue;
    const holder = slot.holder as Record<string, Questionnaire.Text>;
    holder[slot.key] = { ...text, nb: m.draft_preview_missing({}, { locale }) };
  }
  // A scale that has been taken away, which a draft may lack for a while.
  const scales = new Set(copy.scales.map(({ id }) => id));
  for (const theme of copy.themes) theme.statements = theme.statements.filter((one) => scales.has(one.scale));
  return copy;
}

/** The draft as those who answer would meet it, by the answering page's own parts. */
export async function render(content: Content, sight: Sight) {
  const { look, language, edition, at, back } = sight;
  const built = isResident(content) ? 'resident' : 'answer';
  const own = await readFile(`build-answer/${built}.css`, 'utf8');
  const style = `${look === 'phone' ? narrow(own) : own}\n${extra}`;
  const l = { locale: localeOf(language) };
  const whole = filled(content, l.locale);
  const to = (change: Partial<Sight>) => {
    const { look, language, edition } = { ...sight, ...change };
    return `${at}/preview?as=${look}&language=${language}${edition === 'simple' ? '&edition=simple' : ''}`;
  };
  const link = (change: Partial<Sight>, words: string, tongue: string | null = null) => {
    const isHere = Object.entries(change).every(([name, value]) => sight[name as keyof Sight] === value);
    return html`<a
      href="${to(change)}"
      ${tongue && html` lang="${tongue}"`}
      ${isHere && html` aria-current="true"`}
      >${words}</a
    >`;
  };
  const page = html`<!doctype html>
    <html lang="${l.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${m.draft_preview_of({ title: Questionnaire.text(whole.title, language) }, l)}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(style)}
        </style>
      </head>
      <body class="${look}" data-edition="${edition}">
        <div class="bar">
          <p><a href="${at}">${back}</a></p>
          <nav aria-label="${m.draft_preview({}, l)}">
            ${looksOf(content).map((one) => link({ look: one }, names[one]({}, l)))}
          </nav>
          ${
            hasEditions(content) &&
            look !== 'card' &&
            html`<nav aria-label="${m.draft_preview_editions({}, l)}">
              ${[
                link({ edition: 'full' }, m.draft_preview_full({}, l)),
                link({ edition: 'simple' }, m.draft_preview_simple({}, l)),
              ]}
            </nav>`
          }
          ${
            content.languages.length > 1 &&
            html`<nav aria-label="${m.answer_languages({}, l)}">
              ${content.languages.map((one) => link({ language: one }, languageName(one), one))}
            </nav>`
          }
          <p>${isResident(content) ? m.draft_preview_what_resident({}, l) : m.draft_preview_what({}, l)}</p>
        </div>
        ${body(whole, sight)}
      </body>
    </html> `.markup;
  return { page, policy: policyOf(page) };
}

function body(whole: Content, sight: Sight): Html {
  const { look, language } = sight;
  if (look === 'card') return html`<main class="cards">${cards(whole, language)}</main>`;
  return html`<main>
    <div class="page">
      <h1${langOf(whole.title, language)}>${Questionnaire.text(whole.title, language)}</h1>
      ${
        whole.intro &&
        html`<p class="lead" ${langOf(whole.intro, language)}>
          ${Questionnaire.text(whole.intro, language)}
        </p>`
      }
    </div>
    ${isResident(whole) ? walk(whole, sight) : themes(whole, language)}
  </main>`;
}

/** The resident's screens under one another: of the simplified edition, those that it has. */
function walk(whole: Content, { language, edition, at }: Sight): Html[] {
  const cardAt = `${at}/preview?as=card&language=${language}`;
  const [round, { thresholds }, help] = [{ id: 'draft' }, defaults, byDefault];
  const shown = screens({ round, questionnaire: whole, language, thresholds, help, cardAt })
    .filter(({ markup }) => edition === 'full' || !/^<section[^>]* data-full/.test(markup))
    .map((screen) => html`<div class="page">${screen}</div>`);
  return [...shown, ...open(whole, language, false)];
}

function themes(whole: Content, language: string): Html[] {
  const l = { locale: localeOf(language) };
  let number = 0;
  const parts = whole.themes.length + (whole.comments ? 1 : 0) + (whole.background ? 1 : 0);
  const above = (part: number) => html`<p class="above">${m.answer_part({ part, parts }, l)}</p>`;
  const pages = whole.themes.map(
    (theme, i) =>
      html`<section class="page">
        ${above(i + 1)}
        <h2${langOf(theme.title, language)}>${Questionnaire.text(theme.title, language)}</h2>
        ${
          theme.intro &&
          html`<p class="lead" ${langOf(theme.intro, language)}>
            ${Questionnaire.text(theme.intro, language)}
          </p>`
        }
        ${theme.statements.map((one) => statement(whole, one, number++, language, l.locale))}
      </section>`,
  );
  const about = html`<section class="page">
    ${above(parts)}
    <h2>${m.answer_background_title({}, l)}</h2>
    ${backgroundFields(whole, language, l.locale)}
  </section>`;
  return [
    ...pages,
    ...open(whole, language, above(whole.themes.length + 1)),
    ...(whole.background ? [about] : []),
  ];
}

/** The open questions, which are asked only where somebody is to read what is written. */
function open(whole: Content, language: string, above: Html | false): Html[] {
  if (!whole.comments) return [];
  const l = { locale: localeOf(language) };
  return [
    html`<section class="page">
      ${above}
      <h2>${m.comment_answer_title({}, l)}</h2>
      <p class="box">${m.draft_preview_comments({}, l)}</p>
      ${commentFields(whole, language, l.locale)}
    </section>`,
  ];
}

/** Signs that no drawn code has, so that what is typed from a draft is never one. */
const noCode = 'utkastutkast';

/** The paper form of a draft, as it is printed, in the language or, where no paper is written in that, in bokmål. */
export async function paper(content: Content, asked: string, municipality: string): Promise<Uint8Array> {
  const language = isHouse(asked) ? asked : 'nb';
  const l = { locale: language };
  const whole = filled(content, language);
  const [opensAt, stopsAt] = [new Date(0), new Date(0)];
  const { thresholds } = defaults;
  return await forms(
    [{ group: '', code: noCode }],
    {
      round: { id: 'draft', opensAt, stopsAt, fingerprint: new Uint8Array(32) },
      ...{ title: Questionnaire.text(whole.title, language), municipality, language, origin: '' },
      ...{ isCrowd: isResident(content), factor: thresholds.factor },
      groupName: () => m.draft_paper_group({}, l),
    },
    {
      ...{ questionnaire: whole, help: byDefault },
      ...{ to: m.draft_paper_to({}, l), by: m.draft_paper_day({}, l) },
      draft: {
        what: m.draft_paper_what({}, l),
        mark: m.draft_paper_mark({}, l),
        stops: m.draft_paper_day({}, l),
        address: m.draft_paper_address({}, l),
      },
    },
  );
}

const raw = (markup: string): Html => ({ markup });

/** The style without what it says of wide screens, for a frame that is narrow on any. */
const narrow = (style: string) =>
  style.replace(/@media[^{]*min-width[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');

/** The page may look as it does, and nothing else: no script, no form, nothing fetched. */
function policyOf(page: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
