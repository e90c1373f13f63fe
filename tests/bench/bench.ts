/*
 * The measurements of design section 8, one JSON line each. Two servers of its own, as durable as in earnest. Nothing
 * here fails for being slow; figures of different machines compare by their ratios.
 */
import { ownClusters } from '#tests/support/databases.ts';
import { answers } from './answers.ts';
import { auditing } from './auditing.ts';
import { firstVisit } from './first-visit.ts';
import { opening } from './opening.ts';

const clusters = await ownClusters();
Object.assign(process.env, { DATABASE_URL: clusters.main.url, BOX_DATABASE_URL: clusters.box.url });
try {
  for (const measure of [answers, opening, auditing, firstVisit])
    for await (const line of measure(clusters)) console.log(JSON.stringify(line));
} finally {
  await clusters.stop();
}
