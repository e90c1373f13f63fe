import { limits } from '#domain/comment.ts';
import type * as Opening from '#domain/opening.ts';
import type { RoundTree } from '#domain/round.ts';
import { questionnaire, thresholds } from './survey.ts';

/** Two questions that are answered in own words. */
export const openQuestions = [
  { id: 'best', text: { nb: 'Hva er best?' } },
  { id: 'better', text: { nb: 'Hva kan bli bedre?' } },
];

/** What is counted by in a round of a tree that asks three statements and the open questions. */
export const commentFrame = (tree: RoundTree): Opening.Frame => ({
  round: {
    id: 'r1',
    name: 'Prøve',
    kind: 'employee',
    dryRun: true,
    opened: '2027-02-01',
    stopped: '2027-02-21',
    fingerprint: 'abc',
    questionnaire: { key: 'test', version: 1 },
  },
  questionnaire: { ...questionnaire([2], 1), comments: openQuestions },
  tree,
  thresholds,
  comments: limits,
});
