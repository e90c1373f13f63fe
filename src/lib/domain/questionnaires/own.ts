import { parse } from '#domain/questionnaire-faults.ts';
import { type Questionnaire } from '#domain/questionnaire.ts';
import employee from './employee.json' with { type: 'json' };
import extraordinary from './extraordinary.json' with { type: 'json' };
import leader from './leader.json' with { type: 'json' };
import relative from './relative.json' with { type: 'json' };
import resident from './resident.json' with { type: 'json' };

/** The five questionnaires that Medvirk ships; domain.md section 3 says which surveys they are for. */
export const own: Questionnaire[] = [employee, extraordinary, leader, resident, relative].map((file) => {
  const parsed = parse(file);
  if (!parsed.ok) throw new Error(`${file.key}: ${JSON.stringify(parsed.faults)}`);
  return parsed.questionnaire;
});
