import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { shown, slots, textAt } from '#domain/draft.ts';
import type { Questionnaire, Text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { backgroundFields, languageName, localeOf, statement } from '#server/answer-parts.ts';
import { type Html, html } from '#server/html.ts';

/** How a draft is looked at. phone: as narrow as one; paper: all on one sheet, to be printed. */
export const looks = ['phone', 'screen', 'paper'] as const;
export type Look = (typeof looks)[number];

const names: Record<Look, (inputs: object, options: { locale: Locale }) => string> = {
  phone: m.draft_preview_phone,
  screen: m.draft_preview_screen,
  paper: m.draft_preview_paper,
};
type Locale = ReturnType<typeof localeOf>;

/** Beside the answering page's own style: a bar that is not printed, and a frame as narrow as a small phone. */
const extra = `.bar{border-bottom:1px solid var(--hair);background:var(--tint);padding:.75rem min(1.25rem,5vw)}
.bar a{color:var(--accent)}
.bar nav a[aria-current]{font-weight:700;text-decoration:none}
.phone main{width:20rem;max-width:100%;border:1px solid var(--line);border-radius:1.5rem;margin-block:1.5rem;padding:1.25rem 1rem}
.phone h1{font-size:1.5rem;hyphens:auto}
.page{border-top:1px solid var(--hair);margin-top:2.5rem;padding-top:1rem}
.paper .page{break-inside:avoid}
.paper fieldset{break-inside:avoid}
@media print{.bar{display:none}}`;

/** A missing text is seen as missing, never as an empty line. */
function filled(content: Questionnaire, language: string, locale: Locale): Questionnaire {
  const copy = structuredClone(content);
  for (const slot of slots(copy)) {
    const words = shown(textAt(slot) ?? undefined, language);
    if (textAt(slot) || !slot.isOptional) {
      const text = { nb: words || m.draft_preview_missing({}, { locale }) };
      (slot.holder as Record<string, Text>)[slot.key] = text;
    }
  }
  // A scale that has been taken away, which a draft may lack for a while.
  const scales = new Set(copy.scales.map(({ id }) => id));
  for (const theme of copy.themes) theme.statements = theme.statements.filter((one) => scales.has(one.scale));
  return copy;
}

/** The draft as those who answer would meet it, by the answering page's own parts. at: the address of the draft's pages. */
export async function render(content: Questionnaire, look: Look, language: string, at: string, back: string) {
  const style = `${await readFile('build-answer/answer.css', 'utf8')}\n${extra}`;
  const locale = localeOf(language);
  const whole = filled(content, language, locale);
  const to = (as: string, tongue: string) => `${at}/preview?as=${as}&language=${tongue}`;
  const link = (href: string, words: string, isHere: boolean, tongue: string | null = null) =>
    html`<a href="${href}" ${tongue && html` lang="${tongue}"`} ${isHere && html` aria-current="true"`}
      >${words}</a
    >`;
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${m.draft_preview_of({ title: whole.title.nb }, { locale })}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(style)}
        </style>
      </head>
      <body class="${look}">
        <div class="bar">
          <p><a href="${at}">${back}</a></p>
          <nav aria-label="${m.draft_preview({}, { locale })}">
            ${looks.map((one) => link(to(one, language), names[one]({}, { locale }), one === look))}
            ${content.languages.length > 1 && content.languages.map((one) => link(to(look, one), languageName(one), one === language, one))}
          </nav>
          <p>${m.draft_preview_what({}, { locale })}</p>
        </div>
        <main>${sheet(whole, locale)}</main>
      </body>
    </html> `.markup;
  return { page, policy: policyOf(page) };
}

function sheet(whole: Questionnaire, locale: Locale): Html {
  let number = 0;
  return html`<h1>${whole.title.nb}</h1>
    ${whole.intro && html`<p class="lead">${whole.intro.nb}</p>`}
    ${whole.themes.map(
      (theme, i) =>
        html`<section class="page">
          <p class="above">
            ${m.answer_part({ part: i + 1, parts: whole.themes.length + (whole.background ? 1 : 0) }, { locale })}
          </p>
          <h2>${theme.title.nb}</h2>
          ${theme.intro && html`<p class="lead">${theme.intro.nb}</p>`}
          ${theme.statements.map((one) => statement(whole, one, number++, 'nb', locale))}
        </section>`,
    )}
    ${
      whole.background &&
      html`<section class="page">
        <h2>${m.answer_background_title({}, { locale })}</h2>
        ${backgroundFields(whole, 'nb', locale)}
      </section>`
    }`;
}

const raw = (markup: string): Html => ({ markup });

/** The page may look as it does, and nothing else: no script, no form, nothing fetched. */
function policyOf(page: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
