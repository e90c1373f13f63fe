import type { QuestionnaireFault } from '#domain/questionnaire-faults.ts';
import type { QuestionnaireKind, Statement } from '#domain/questionnaire.ts';
import { m } from '#messages';

/** Who answers a questionnaire of this kind. */
export const kinds: Record<QuestionnaireKind, () => string> = {
  employee: m.questionnaire_kind_employee,
  extraordinary: m.questionnaire_kind_extraordinary,
  leader: m.questionnaire_kind_leader,
  resident: m.questionnaire_kind_resident,
  relative: m.questionnaire_kind_relative,
};

export const tags: Record<NonNullable<Statement['tags']>[number], () => string> = {
  demands: m.questionnaire_tag_demands,
  emotional: m.questionnaire_tag_emotional,
  workload: m.questionnaire_tag_workload,
  support: m.questionnaire_tag_support,
};

export const abouts: Record<NonNullable<Statement['about']>, () => string> = {
  'nearest-leader': m.questionnaire_about_nearest_leader,
  'top-leadership': m.questionnaire_about_top_leadership,
};

const types = {
  text: m.questionnaire_fault_type_text,
  number: m.questionnaire_fault_type_number,
  'yes-no': m.questionnaire_fault_type_yes_no,
  list: m.questionnaire_fault_type_list,
  object: m.questionnaire_fault_type_object,
  nothing: m.questionnaire_fault_type_nothing,
};

/** What is wrong, in a sentence. */
export function sentence(fault: QuestionnaireFault): string {
  const key = fault.path.split('.').at(-1) || m.questionnaire_place_whole();
  switch (fault.fault) {
    case 'type':
      return types[fault.expected]({ key });
    case 'choice':
      return m.questionnaire_fault_choice({ key, allowed: fault.allowed.join(', ') });
    case 'long':
      return m.questionnaire_fault_long({ key, limit: fault.limit });
    case 'few':
      return m.questionnaire_fault_few({ key, limit: fault.limit });
    case 'many':
      return m.questionnaire_fault_many({ key, limit: fault.limit });
    case 'low':
      return m.questionnaire_fault_low({ key, limit: fault.limit });
    case 'high':
      return m.questionnaire_fault_high({ key, limit: fault.limit });
    case 'missing':
      return m.questionnaire_fault_missing({ key });
    case 'unknown':
      return m.questionnaire_fault_unknown({ key });
    case 'repeated':
      return m.questionnaire_fault_repeated({ key });
    case 'pattern':
      return m.questionnaire_fault_pattern({ key });
    default:
      return contradictions[fault.fault]();
  }
}

/** Why a file is not taken in as a questionnaire. */
export const refusalWords = {
  size: m.questionnaire_refused_size,
  encoding: m.questionnaire_refused_encoding,
  json: m.questionnaire_refused_json,
  faults: m.questionnaire_refused_faults,
  unchanged: m.questionnaire_refused_unchanged,
  'other-kind': m.questionnaire_refused_other_kind,
};

const contradictions = {
  duplicate: m.questionnaire_fault_duplicate,
  reserved: m.questionnaire_fault_reserved,
  order: m.questionnaire_fault_order,
  'no-scale': m.questionnaire_fault_no_scale,
  'no-statement': m.questionnaire_fault_no_statement,
  mixed: m.questionnaire_fault_mixed,
  taken: m.questionnaire_fault_taken,
  'no-words': m.questionnaire_fault_no_words,
  'no-nb': m.questionnaire_fault_no_nb,
  untranslated: m.questionnaire_fault_untranslated,
  background: m.questionnaire_fault_background,
  'choose-factor': m.choice_fault_factor,
  'choose-ways': m.choice_fault_ways,
  'choose-resident': m.choice_fault_resident,
  'resident-points': m.questionnaire_fault_resident_points,
  'mode-options': m.questionnaire_fault_mode_options,
  simple: m.resident_fault_simple,
  'required-resident': m.questionnaire_fault_required_resident,
  'required-sensitive': m.questionnaire_fault_required_sensitive,
};

const lists: Record<string, (number: { number: number }) => string> = {
  scales: m.questionnaire_place_scales,
  points: m.questionnaire_place_points,
  themes: m.questionnaire_place_themes,
  statements: m.questionnaire_place_statements,
  factors: m.questionnaire_place_factors,
  background: m.questionnaire_place_background,
  options: m.questionnaire_place_options,
};

/** Where in the file, as people count: "Theme 3, statement 1". */
export function place(path: string): string {
  const parts = [...path.matchAll(/([a-z]+)\[(\d+)\]/g)].flatMap(([, list = '', index]) => {
    const word = lists[list];
    return word ? [word({ number: Number(index) + 1 })] : [];
  });
  const words = parts.join(', ') || m.questionnaire_place_whole();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A language's name in that language. */
export function languageName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  const short = name.replace(/^norsk /, '');
  return short.charAt(0).toUpperCase() + short.slice(1);
}
