import { PgBoss } from 'pg-boss';
import { closeDb, db } from '#server/db.ts';
import { tick } from '#server/clock.ts';
import { scrubAgain } from '#server/forgetting.ts';
import * as liveRates from '#server/live-rates.ts';
import * as imports from '#server/imports.ts';
import { sendDue, sendTexts } from '#server/invitations.ts';
import * as meetings from '#server/meetings.ts';
import { sendNudges } from '#server/nudges.ts';
import { closePostman, postman, texter } from '#server/postman.ts';
import * as reports from '#server/reports.ts';
import * as occurrences from '#server/occurrences.ts';
import * as sessions from '#server/sessions.ts';
import { now, settings } from '#server/settings.ts';
import * as signIn from '#server/sign-in.ts';
import { shake, withinSeconds } from '#server/shaker.ts';
import { remindOfWaiting } from '#server/waiting.ts';

/** Every recurring job, in one table. No job carries anything: each looks for what is due. */
const recurring: { name: string; cron: string; run: () => Promise<unknown> }[] = [
  { name: 'clock', cron: '* * * * *', run: () => tick(db().main, db().box, now()) },
  { name: 'reports', cron: '* * * * *', run: () => reports.start(db().main, now()) },
  { name: 'post', cron: '* * * * *', run: post },
  { name: 'texts', cron: '* * * * *', run: texts },
  { name: 'meetings', cron: '* * * * *', run: () => meetings.forget(db().main, now()) },
  { name: 'rotation', cron: '*/10 * * * *', run: () => occurrences.plan(db().main, now()) },
  { name: 'nudges', cron: '7 * * * *', run: nudge },
  { name: 'rates', cron: '*/20 * * * *', run: () => liveRates.measure(db().main, now()) },
  { name: 'sweep', cron: '17 3 * * *', run: sweep },
];

async function sweep() {
  await sessions.sweep(db().main, now());
  await signIn.sweep(db().main, now());
  await imports.sweep(db().main, now());
  await meetings.sweep(db().main, now());
}

async function post() {
  const carrier = await postman();
  if (!carrier.works) return;
  const { ORIGIN, INVITATION_LANGUAGE } = settings();
  await sendDue(db().main, carrier, ORIGIN, now, INVITATION_LANGUAGE);
  await remindOfWaiting(db().main, carrier, settings().ORIGIN, now());
}

async function texts() {
  const carrier = await texter();
  const { ORIGIN, INVITATION_LANGUAGE } = settings();
  if (carrier.works) await sendTexts(db().main, carrier, ORIGIN, now, INVITATION_LANGUAGE);
}

async function nudge() {
  await sendNudges(db().main, await postman(), settings().ORIGIN, now());
}

let boss: PgBoss | undefined;
let shaking: NodeJS.Timeout | undefined;

export const running = () => boss !== undefined;

/** Starts the jobs of this process. Several processes share them. */
export async function start() {
  if (boss) return;
  const starting = new PgBoss({ connectionString: settings().DATABASE_URL, schema: 'jobs', max: 4 });
  starting.on('error', (fault) => console.error(`Jobs: ${fault.name}`));
  await starting.start();
  for (const { name, cron, run } of recurring) {
    await starting.createQueue(name, {
      policy: 'singleton',
      retryLimit: 0,
      expireInSeconds: 900,
      deleteAfterSeconds: 3600,
    });
    await starting.work(name, { pollingIntervalSeconds: 2 }, async () => {
      await run();
    });
    await starting.schedule(name, cron);
  }
  boss = starting;
  let busy = false;
  const shakeNow = async () => {
    if (busy) return;
    busy = true;
    const { main, box } = db();
    await shake(main, box)
      .then(() => scrubAgain(main))
      .catch((fault: Error) => console.error(`Shaker: ${fault.name}`));
    busy = false;
  };
  await shakeNow();
  shaking = setInterval(shakeNow, (withinSeconds * 1000) / 2);
  shaking.unref();
  // serve.ts waits for what is handed back before the databases go.
  process.once('sveltekit:shutdown', (_reason: string, until?: (ending: Promise<void>) => void) => {
    const ending = stop();
    until?.(ending);
  });
}

/** Lets the clock and the post run at once, after somebody did what they wait for. */
export async function hurry() {
  await boss?.send('clock');
  await boss?.send('post');
  await boss?.send('texts');
}

export async function stop() {
  clearInterval(shaking);
  const stopping = boss;
  boss = undefined;
  await stopping?.stop({ graceful: true, timeout: 5_000 });
  await closePostman();
  await closeDb();
}
