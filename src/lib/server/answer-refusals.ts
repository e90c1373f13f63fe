import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import { heading, slots } from '#server/answer-parts.ts';
import { type Html, html } from '#server/html.ts';

/** What to do about a code that is not good. isCare: residents or relatives are asked, who have no HR to ask. */
export const wrongCode = (isCare: boolean, locale: Locale): string =>
  (isCare ? m.answer_care_code : m.answer_code_wrong_what)({}, { locale });

/** Where the code is typed: the one field of the page, which says nothing about a code but that it is not good. */
const typed = (isCare: boolean, locale: Locale) =>
  html`<section data-view="nolink" hidden>
    ${heading(m.answer_code_title({}, { locale }))}
    <p class="lead">${m.answer_code_what({}, { locale })}</p>
    <form id="typed" novalidate>
      <label class="field"
        >${m.answer_code_field({}, { locale })}<input
          id="code"
          class="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
      /></label>
      <div id="code-wrong" class="box" role="alert" hidden>
        <p><b>${m.answer_code_wrong({}, { locale })}</b></p>
        <p>${wrongCode(isCare, locale)}</p>
      </div>
      <button data-busy="${m.answer_code_checking({}, { locale })}">
        ${m.answer_code_go({}, { locale })}
      </button>
    </form>
    ${!isCare && html`<p>${m.answer_code_link({}, { locale })}</p>`}
  </section>`;

export const compareNot = (isCare: boolean, locale: Locale): string =>
  (isCare ? m.answer_care_compare : m.answer_compare_not)({}, { locale });

const compare = (isCare: boolean, locale: Locale) =>
  html`<section data-view="compare" hidden>
    ${heading(m.answer_compare_title({}, { locale }))}
    <p>${m.answer_compare_what({}, { locale })}</p>
    <p class="receipt"><b data-slot="compare"></b></p>
    <p>${compareNot(isCare, locale)}</p>
    <button id="same">${m.answer_compare_same({}, { locale })}</button>
  </section>`;

/** The views that stand in the place of the sheet when it cannot be answered, or not yet. */
export function refusals(codes: boolean, isCare: boolean, locale: Locale): Html[] {
  const told = (view: string, title: string, sentences: (Html | Html[] | string)[], again = '') =>
    html`<section data-view="${view}" hidden>
      ${heading(title)} ${sentences.map((one) => html`<p>${one}</p>`)}
      ${again && html`<button data-again>${again}</button>`}
    </section>`;
  const l = { locale };
  const retry = m.answer_retry({}, l);
  const to = (staff: typeof m.answer_small_what, care: typeof m.answer_small_what) =>
    (isCare ? care : staff)({}, l);
  return [
    codes
      ? typed(isCare, locale)
      : told('nolink', m.answer_nolink_title({}, l), [m.answer_nolink_what({}, l)]),
    ...(codes
      ? [compare(isCare, locale), told('wrongcode', m.answer_code_wrong({}, l), [wrongCode(isCare, locale)])]
      : []),
    told('mistyped', m.answer_mistyped_title({}, l), [m.answer_mistyped_what({}, l)]),
    told('unknown', m.answer_unknown_title({}, l), [to(m.answer_unknown_what, m.answer_care_code)]),
    told('fingerprint', m.answer_fingerprint_title({}, l), [
      to(m.answer_fingerprint_what, m.answer_care_stop),
    ]),
    told('key', m.answer_key_title({}, l), [to(m.answer_key_what, m.answer_care_stop)]),
    told('small', m.answer_small_title({}, l), [to(m.answer_small_what, m.answer_care_stop)]),
    told(
      'signature',
      m.answer_signature_title({}, l),
      [to(m.answer_signature_what, m.answer_care_stop)],
      retry,
    ),
    told('early', m.answer_early_title({}, l), [slots(m.answer_early_what({ opens: '[opens]' }, l))]),
    told('late', m.answer_late_title({}, l), [m.answer_late_what({}, l)]),
    told('missed', m.answer_missed_title({}, l), [m.answer_missed_what({}, l)]),
    told('elsewhere', m.answer_elsewhere_title({}, l), [
      m.answer_elsewhere_what({}, l),
      m.answer_elsewhere_begun({}, l),
      to(m.answer_elsewhere_not, m.answer_care_elsewhere),
    ]),
    told('used', m.answer_used_title({}, l), [m.answer_used_what({}, l)]),
    told('invalid', m.answer_invalid_title({}, l), [to(m.answer_invalid_what, m.answer_care_invalid)], retry),
    told('https', m.answer_https_title({}, l), [m.answer_https_what({}, l)]),
    told('network', m.answer_network_title({}, l), [m.answer_network_what({}, l)], retry),
    told('storage', m.answer_storage_title({}, l), [m.answer_storage_what({}, l)], retry),
    told('unkept', m.answer_storage_title({}, l), [m.answer_unkept_what({}, l)], m.answer_unkept_go({}, l)),
  ];
}
