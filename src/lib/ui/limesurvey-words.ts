import type { NoteKind } from '#domain/limesurvey-file.ts';
import { m } from '#messages';

/** What became of something in a LimeSurvey file. */
export const noteWords: Record<NoteKind, () => string> = {
  type: m.limesurvey_note_type,
  scale: m.limesurvey_note_scale,
  condition: m.limesurvey_note_condition,
  help: m.limesurvey_note_help,
  other: m.limesurvey_note_other,
  comment: m.limesurvey_note_comment,
  markup: m.limesurvey_note_markup,
  script: m.limesurvey_note_script,
  expression: m.limesurvey_note_expression,
  language: m.limesurvey_note_language,
  translation: m.limesurvey_note_translation,
  'no-text': m.limesurvey_note_no_text,
  split: m.limesurvey_note_split,
  wordless: m.limesurvey_note_wordless,
  numbered: m.limesurvey_note_numbered,
  apart: m.limesurvey_note_apart,
  factor: m.limesurvey_note_factor,
  lead: m.limesurvey_note_lead,
  attributes: m.limesurvey_note_attributes,
  table: m.limesurvey_note_table,
  'survey-text': m.limesurvey_note_survey_text,
  one: m.limesurvey_note_one,
  several: m.limesurvey_note_several,
  minutes: m.limesurvey_note_minutes,
  required: m.limesurvey_note_required,
};
