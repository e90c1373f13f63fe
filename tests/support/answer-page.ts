import { byDefault } from '#domain/help.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type { AnswerPage } from '#server/answer-page.ts';

/** An answering page of a round that asks this. */
export const answerPage = (questionnaire: Questionnaire, over: Partial<AnswerPage> = {}): AnswerPage => ({
  round: { id: 'h7k2m9qd', name: 'Prøve' },
  questionnaire,
  language: 'nb',
  languages: ['nb', 'nn', 'en'],
  boxOrigin: '',
  thresholds: { factor: 5, statement: 10, invited: 7 },
  promise: 'operator',
  dryRun: false,
  demo: false,
  codes: true,
  help: byDefault,
  scriptHash: '-'.repeat(42) + 'A',
  styleHash: '_'.repeat(42) + 'A',
  ...over,
});
