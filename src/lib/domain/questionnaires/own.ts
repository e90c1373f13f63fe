import { parse, type Questionnaire } from '#domain/questionnaire.ts';
import employee from './employee.json' with { type: 'json' };

/** The questionnaires that Medvirk ships, each as its first version; domain.md section 3 says which surveys they are for. */
export const own: Questionnaire[] = [employee].map((file) => {
  const parsed = parse(file);
  if (!parsed.ok) throw new Error(`${file.key}: ${JSON.stringify(parsed.faults)}`);
  return parsed.questionnaire;
});
