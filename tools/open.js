// Two witnesses open a round's ballots on a computer without a network, and get the release to hand in.
//
//   node tools/open.js FOLDER SIGNS
//
// FOLDER holds keylist.json, questionnaire.json, tree.json and ballots.txt, saved from the witnesses' page once the
// survey has stopped. SIGNS are the 32 signs on the poster. It asks for the two sheets, opens and counts in memory,
// and writes FOLDER/release.json: the figures and nothing else. Neither sheets nor answers are written anywhere.
//
// Needs Node 24 and this repository's src/lib/domain, no packages: the same lines that the page runs in a browser.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import * as Opening from '#domain/opening.ts';
import * as Sheet from '#domain/sheet.ts';

const say = (/** @type {string} */ line) => console.log(line);
/** @returns {never} */
const giveUp = (/** @type {number} */ code, /** @type {string} */ line) => {
  console.error(line);
  process.exit(code);
};

const [folder, ...signs] = process.argv.slice(2);
if (!folder || signs.length === 0)
  giveUp(2, 'Skriv: node tools/open.js MAPPE TEGN (de 32 tegnene på plakaten)');

const file = (/** @type {string} */ name) => {
  try {
    return new Uint8Array(readFileSync(path.join(folder, name)));
  } catch {
    return giveUp(1, `Finner ikke ${name} i ${folder}. Lagre den fra siden «Åpne stemmeboksen».`);
  }
};
const read = await Opening.readFiles(
  {
    keylist: file('keylist.json'),
    questionnaire: file('questionnaire.json'),
    tree: file('tree.json'),
    ballots: new TextDecoder().decode(file('ballots.txt')),
  },
  signs.join(''),
);
if (!read.ok)
  giveUp(
    1,
    {
      keylist: 'Nøkkellisten stemmer ikke med tegnene.',
      frozen: 'Spørreskjemaet eller gruppene er andre enn da undersøkelsen ble låst.',
      ballots: 'ballots.txt er ikke hel. Hent den på nytt.',
    }[read.refusal],
  );
say(`${read.frame.round.name}: ${read.ballots.length} svar i boksen.`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** One sheet, asked for until it is typed as it stands. Piped in, it is asked for once. */
async function sheet(/** @type {string} */ which) {
  for (;;) {
    say(`${which}, fire linjer:`);
    const typed = [];
    while (typed.length < 4) {
      const { value, done } = await lines.next();
      if (done) giveUp(1, 'Arket har fire linjer.');
      if (value.trim() !== '') typed.push(value);
    }
    const read = await Sheet.read(typed.join('\n'));
    if (read.ok) return read.secret;
    const wrong =
      read.refusal === 'line'
        ? `Linje ${read.line} er skrevet feil.`
        : 'Skriv fire linjer med 16 tegn på hver.';
    if (!process.stdin.isTTY) giveUp(1, wrong);
    say(`${wrong} Skriv arket på nytt.`);
  }
}

const first = await sheet('Det ene arket');
const second = await sheet('Det andre arket');
const pair = await Opening.keyOfPair(read, [first, second], crypto);
if (!pair.ok)
  giveUp(
    1,
    pair.refusal === 'same'
      ? 'Dette er det samme arket to ganger. To ulike vitner må til.'
      : `${pair.sheet === 1 ? 'Det ene' : 'Det andre'} arket hører ikke til denne undersøkelsen.`,
  );

const opening = Opening.begin(read.frame);
for (let at = 0; at < read.ballots.length; at += Opening.together)
  await Opening.count(opening, read.ballots.slice(at, at + Opening.together), pair.key);
const release = await Opening.release(read.frame, opening);
const to = path.join(folder, 'release.json');
writeFileSync(to, release);
say(`Talt: ${opening.receipts.length - opening.unreadable}. Lot seg ikke lese: ${opening.unreadable}.`);
say(`Kontrollsum (SHA-256): ${await Opening.releaseHash(release)}`);
say(`Tallene ligger i ${to}. Send filen inn på siden «Åpne stemmeboksen».`);
process.exit(0);
