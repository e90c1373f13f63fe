import * as Ballot from '#domain/ballot.ts';
import * as Choice from '#domain/choice.ts';
import { fingerprintPrint } from '#domain/keylist.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import * as Tally from '#domain/tally.ts';
import { m } from '#messages';
import {
  backgroundFields,
  backgroundWhy,
  commentFields,
  commentWhy,
  head,
  header,
  hyphened,
  isCare,
  langOf,
  languageButtons,
  languageLinks,
  localeOf,
  shortOf,
  skipping,
  statement,
} from '#server/answer-parts.ts';
import { compareNot, wrongCode } from '#server/answer-refusals.ts';
import type { Frozen, Typed, View } from '#server/code-page.ts';
import { type Html, html } from '#server/html.ts';
import * as resident from '#server/resident-page.ts';

/* The page of the way without JavaScript, in all its views (code-page.ts). */

/** What the page may do: look like the answering page, and post to its own host. */
const policy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page in one of its views, as it is sent. */
export const reply = (of: Frozen, view: View, status = 200) =>
  new Response(render(of, view), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      // Without an origin on the form it would be refused as forged; the address holds no secret.
      'referrer-policy': 'same-origin',
    },
  });

/** The page in one of its views. */
export function render(of: Frozen, view: View): string {
  const { round, language, languages, keylist, questionnaire } = of;
  const locale = localeOf(language);
  const title = Questionnaire.text(questionnaire.title, language);
  const at = `/svar/${round.id}`;
  // The same address whatever the language: addresses are what is logged on the way.
  const here = `${at}/uten-skript`;
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        ${head(title, at, keylist.files['answer.css']!)}
      </head>
      <body>
        ${header(round, view.view === 'code' && languageLinks(languages, language, at, '/uten-skript'), locale)}
        <main>${body(of, view, title, here)}</main>
      </body>
    </html> `.markup;
}

/** In words, or in Sami in numbers, as the browser's script has it (src/answer/view.ts). */
const moment = (of: Date, language: string) =>
  of.toLocaleString(localeOf(language) === 'se' ? 'nb' : localeOf(language), {
    ...(localeOf(language) === 'se'
      ? { day: 'numeric', month: 'numeric', year: 'numeric' }
      : { weekday: 'long', day: 'numeric', month: 'long' }),
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Oslo',
  });

function body(of: Frozen, view: View, title: string, here: string): Html {
  const locale = localeOf(of.language);
  const l = { locale };
  switch (view.view) {
    case 'code':
      return html`<p class="above" ${langOf(of.questionnaire.title, of.language)}>${title}</p>
        ${shortOf(of.questionnaire, of.language)}
        <h1>${m.code_plain_title({}, l)}</h1>
        <p class="box">${m.code_plain_what({}, l)}</p>
        ${print(of)}
        <form method="post" action="${here}" novalidate>
          <input type="hidden" name="language" value="${of.language}" />
          <h2>${m.answer_code_title({}, l)}</h2>
          <p>${m.answer_code_what({}, l)}</p>
          ${field(view.code, view.wrong, of.language, wrongCode(isCare(of.questionnaire), locale))}
          <button>${m.answer_code_go({}, l)}</button>
        </form>`;
    case 'sheet':
      return sheet(of, view, title, here);
    case 'done':
      return html`<h1>${view.before ? m.answer_used_title({}, l) : m.answer_done_title({}, l)}</h1>
        <p class="lead">${view.before ? m.code_plain_before({}, l) : m.code_plain_done_what({}, l)}</p>
        <h2>${m.answer_receipt_title({}, l)}</h2>
        <p class="receipt"><b>${Ballot.receiptPrint(view.receipt)}</b></p>
        <p>${m.answer_receipt_what({}, l)}</p>`;
    case 'early':
      return html`<h1>${m.answer_early_title({}, l)}</h1>
        <p>${m.answer_early_what({ opens: moment(view.opens, of.language) }, l)}</p>`;
    case 'late':
      return html`<h1>${m.answer_late_title({}, l)}</h1>
        <p>${m.code_plain_late({}, l)}</p>`;
  }
}

function sheet(
  of: Frozen,
  { typed, told, refusal }: Extract<View, { view: 'sheet' }>,
  title: string,
  here: string,
): Html {
  const { questionnaire, language, keylist } = of;
  const locale = localeOf(language);
  const l = { locale };
  const lacks = new Set(refusal === 'lacking' ? Tally.lacking(questionnaire, typed.answers) : []);
  const marks = Choice.apart(questionnaire, typed.answers);
  const isResident = questionnaire.kind === 'resident';
  let number = 0;
  const one = (asked: Questionnaire.Statement) => {
    const at = number++;
    const chosen = marks[at];
    if (!isResident) return statement(questionnaire, asked, at, language, locale, chosen, lacks.has(at));
    if (typed.isShort && !asked.simple) return false;
    const its = resident.statement(questionnaire, asked, at, language, locale, chosen?.[0] ?? null);
    return html`<div class="one">${its}</div>`;
  };
  const themes = questionnaire.themes.map((theme) => {
    const asked = theme.statements.map(one);
    return (
      asked.some(Boolean) &&
      html`<h2${langOf(theme.title, language)}>${Questionnaire.text(theme.title, language)}</h2>
        ${
          theme.intro &&
          html`<p${langOf(theme.intro, language)}>${Questionnaire.text(theme.intro, language)}</p>`
        }
        ${asked}`
    );
  });
  const sentences = {
    wrong: m.code_plain_wrong,
    invalid: m.code_plain_invalid,
    long: m.comment_answer_long,
    lacking: m.code_plain_lacking,
  };
  return html`<h1${langOf(questionnaire.title, language)}>${hyphened(title)}</h1>
    ${shortOf(questionnaire, language)}
    ${
      refusal &&
      html`<div class="box" role="alert">
        <p>${sentences[refusal]({}, l)}</p>
        ${
          lacks.size > 0 &&
          html`<ul>
            ${ways(questionnaire, [...lacks], language)}
          </ul>`
        }
      </div>`
    }
    ${
      told &&
      html`<p>
          ${m.code_plain_group({ group: told.group.name, invited: told.group.invited }, l)}${' '}
          ${
            told.group.together.length > 1 &&
            m.answer_happens_together({ together: told.group.together.join(', ') }, l)
          }
        </p>
        ${(told.group.about?.split('\n\n') ?? []).map((one) => html`<p>${one}</p>`)}`
    }
    <p>${m.answer_see_what(keylist.thresholds, l)}</p>
    <p>
      ${skipping(questionnaire, locale)}${' '}
      ${told && m.code_plain_stops({ stops: moment(told.stops, language) }, l)}
    </p>
    <p>${m.code_plain_kept({}, l)}</p>
    <form method="post" action="${here}" novalidate autocomplete="off">
      <input type="hidden" name="seed" value="${typed.seed}" />
      <input type="hidden" name="language" value="${language}" />
      ${languageButtons(of.languages, language)}
      ${field(typed.code, refusal === 'wrong', language)} ${isResident && helper(of, typed)} ${themes}
      ${inOwnWords(of, typed)} ${!isResident && aboutYou(of, typed)}
      <p class="box">${m.code_plain_what({}, l)}</p>
      <p>${m.answer_check_what({}, l)}</p>
      <button>${m.answer_send({}, l)}</button>
    </form>`;
}

/** Ways to statements of the sheet, by their places. */
const ways = (questionnaire: Questionnaire.Questionnaire, places: number[], language: string): Html[] => {
  const asked = Questionnaire.statements(questionnaire);
  return places.map((place) => {
    const { text } = asked[place]!;
    return html`<li>
      <a href="#asked-${place}" ${langOf(text, language)}>${Questionnaire.text(text, language)}</a>
    </li>`;
  });
};

/** Of residents: what whoever helps is told first, as on the page with JavaScript, and which edition suits. */
function helper(of: Frozen, { background, isShort = false }: Typed): Html {
  const { round, questionnaire, language, keylist } = of;
  const l = { locale: localeOf(language) };
  const { count, short } = resident.sizes(questionnaire);
  const edition = (value: string, words: string, isThis: boolean) =>
    isThis
      ? html`<b aria-current="true">${words}</b>`
      : html`<button class="plain" name="edition-to" value="${value}">${words}</button>`;
  return html`<h2>${m.resident_help_title({}, l)}</h2>
    ${resident.forHelper({ ...of, help: round.help, thresholds: keylist.thresholds }, background)}
    ${
      resident.hasShort(questionnaire) &&
      html`<h2>${m.resident_edition_title({}, l)}</h2>
        <p>${m.resident_edition_what({}, l)}</p>
        <input type="hidden" name="edition" value="${isShort ? 'simple' : 'full'}" />
        <p class="editions">
          ${edition('full', m.resident_edition_full({ count }, l), !isShort)}
          ${edition('simple', m.resident_edition_simple({ count: short }, l), isShort)}
        </p>`
    }`;
}

function inOwnWords({ questionnaire, language, keylist }: Frozen, { comments }: Typed): Html | false {
  if (!questionnaire.comments || !keylist.comments) return false;
  const locale = localeOf(language);
  return html`<h2>${m.comment_answer_title({}, { locale })}</h2>
    ${commentWhy(keylist.comments, locale)} ${commentFields(questionnaire, language, locale, comments)}`;
}

function aboutYou({ round, questionnaire, language, keylist }: Frozen, { background }: Typed): Html | false {
  if (!questionnaire.background) return false;
  const locale = localeOf(language);
  return html`<h2>${m.answer_background_title({}, { locale })}</h2>
    <p>${backgroundWhy(questionnaire, keylist.thresholds.factor, locale)}</p>
    ${backgroundFields(questionnaire, language, locale, background, resident.offersOf(questionnaire, round.help))}`;
}

/** then: what to do about a wrong code, where it is not said on top of the sheet. */
const field = (code: string, wrong: boolean, language: string, then = '') => {
  const l = { locale: localeOf(language) };
  return html`<label class="field"
      >${m.answer_code_field({}, l)}<input
        name="code"
        class="code"
        value="${code}"
        maxlength="40"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        ${wrong && html` aria-invalid="true" aria-describedby="code-wrong"`}
    /></label>
    ${
      wrong &&
      html`<div class="box" id="code-wrong">
        <p><b>${m.answer_code_wrong({}, l)}</b></p>
        ${then && html`<p>${then}</p>`}
      </div>`
    }`;
};

const print = ({ round, language, questionnaire }: Frozen) => {
  const l = { locale: localeOf(language) };
  return html`<details>
    <summary>${m.answer_compare_title({}, l)}</summary>
    <p>${m.answer_compare_what({}, l)}</p>
    <p class="receipt"><b>${fingerprintPrint(round.fingerprint!)}</b></p>
    <p>${compareNot(isCare(questionnaire), l.locale)}</p>
  </details>`;
};
