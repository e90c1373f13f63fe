import fs from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { asSetupFault, SetupFault } from '#server/binaries.ts';
import * as databases from '#server/databases.ts';
import { connectBox, connectIntake, connectMain, hasty, isLostConnection, type Main } from '#server/db.ts';
import * as demo from '#server/demo/fill.ts';
import * as house from '#server/house.ts';
import { migrate } from '#server/migrate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { now, read, type Settings } from '#server/settings.ts';

/** EX_CONFIG of sysexits.h. */
const CONFIG = 78;

const say = (line: string) => console.log(line);
const either = (words: string[]) => new Intl.ListFormat('nb', { type: 'disjunction' }).format(words);
const giveUp = (code: number, ...lines: string[]): never => {
  for (const line of lines) console.error(line);
  process.exit(code);
};

const mayListen = ({ HOST, PORT }: Settings) =>
  new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new SetupFault(
          error.code === 'EADDRINUSE'
            ? `Porten ${PORT} er i bruk av et annet program. Stopp det, eller velg en annen med PORT.`
            : `Kan ikke lytte på ${HOST}:${PORT} (${error.code}). Endre HOST eller PORT.`,
        ),
      ),
    );
    probe.listen(PORT, HOST, () => probe.close(() => resolve()));
  });

const prepare = async (of: Settings, up: databases.Up) => {
  const migrated = await migrate(up.DATABASE_URL, up.BOX_DATABASE_URL);
  if (!migrated.ok)
    throw new SetupFault(
      `Databasen ${migrated.database} er laget av en nyere utgave av Medvirk. Oppdater programmet.`,
    );
  if (migrated.applied) say('Databasene er oppdatert.');
  const { main, sql } = connectMain(up.DATABASE_URL, 8);
  try {
    if (of.MEDVIRK_NOW && !(await databases.clockMayMove(main)))
      throw Object.assign(
        new SetupFault('MEDVIRK_NOW kan ikke brukes her: databasen har en undersøkelse som er på ordentlig.'),
        { exitCode: CONFIG },
      );
    await questionnaires.shipOwn(main, now());
    if (!of.DATABASE_URL) await fillDemo(of, up, main);
    return (await house.read(main)).demo;
  } finally {
    await sql.end();
  }
};

/** Whom one can be in the demo; the start page has some more. */
const whom = [
  ...['ansatt', 'beboer', 'pårørende', 'avdelingsleder', 'tillitsvalgt', 'HR'],
  ...['kommunalsjef', 'politiker', 'driftsansvarlig'],
];

/** Fjordvik, in an embedded database that nobody has used yet. One cut off half-way is begun again. */
const fillDemo = async (of: Settings, up: databases.Up, main: Main) => {
  const found = await demo.state(main);
  if (found === 'demo' || found === 'earnest') return;
  const own = connectMain(up.DATABASE_URL, 20, hasty);
  const box = connectBox(up.BOX_DATABASE_URL);
  const intake = connectIntake(up.BOX_DATABASE_URL, hasty);
  try {
    if (found === 'half') await demo.clear(main, box);
    await demo.fill({ main: own.main, box, intake, origin: of.ORIGIN, now: now(), say });
  } finally {
    await Promise.all([own.sql.end(), box.end(), intake.end()]);
  }
};

const listen = async (of: Settings) => {
  // Where the link leads now: the next build gets another folder, and this one is read from as long as we run.
  const built = fs.realpathSync(path.resolve(import.meta.dirname, '../build/current'));
  const { handler } = (await import(pathToFileURL(path.join(built, 'handler.js')).href)) as {
    handler: RequestListener;
  };
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(of.PORT, of.HOST, resolve);
  });
  return server;
};

const finish = async (server: Server, reason: string) => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 3_000).unref();
  await closed;
  // Whoever hears this hands back what must end before the databases may go.
  const endings: Promise<unknown>[] = [];
  const until = (ending: Promise<unknown>) => endings.push(ending);
  process.emit('sveltekit:shutdown' as never, reason as never, until as never);
  await Promise.allSettled(endings);
};

process.on('unhandledRejection', (fault) => {
  if (!isLostConnection(fault)) throw fault;
  console.error('Mistet forbindelsen til en database; prøver igjen.');
});

const serve = async (of: Settings) => {
  let starting: Promise<databases.Up> | undefined;
  let server: Server | undefined;
  let stopping = false;

  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    say('Stopper …');
    if (server) await finish(server, reason);
    const up = await starting?.catch(() => undefined);
    await up?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  // start.js is gone without a word.
  process.on('disconnect', () => void stop('disconnect'));

  try {
    await mayListen(of);
    say('Starter databasene …');
    starting = databases.up(of, { alone: true, say });
    const up = await starting;
    Object.assign(process.env, {
      DATABASE_URL: up.DATABASE_URL,
      BOX_DATABASE_URL: up.BOX_DATABASE_URL,
      ORIGIN: of.ORIGIN,
      BODY_SIZE_LIMIT: process.env.BODY_SIZE_LIMIT ?? '32M',
    });
    const isDemo = await prepare(of, up);
    server = await listen(of);
    say(`\nMedvirk er klar: ${of.ORIGIN}`);
    if (isDemo) say(`Der er du med ett trykk ${either(whom)}.`);
    say('Ctrl-C stopper alt.');
  } catch (fault) {
    // What a stop broke off is no fault.
    if (stopping) return;
    const up = await starting?.catch(() => undefined);
    await up?.stop();
    const told = asSetupFault(fault);
    if (!(told instanceof SetupFault)) throw fault;
    giveUp(told.exitCode, told.message);
  }
};

const answer = read(process.env);
if (answer.ok) await serve(answer.settings);
else giveUp(CONFIG, 'Innstillingene må rettes først:', ...answer.faults.map((fault) => `  ${fault}`));
