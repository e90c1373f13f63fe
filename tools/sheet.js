// A witness makes a key on a computer without a network, and gets the sheet to keep and the public half to hand in.
//
//   node tools/sheet.js [FILE]
//
// One file, no packages, Node 20 or newer: carry it on a stick (alone in a folder it must be called sheet.mjs). It shows
// the sheet's four lines, takes them off the screen, and asks for one of them, chosen by chance, as it stands on the paper. Then it gives the public half, to be
// pasted on the witness's page «Nøkkelarket ditt»; with FILE it is written there too. The lines are written nowhere.
// tests/house/sheet-tool.test.ts proves that they are the lines that the page would have shown.
import { createHash, generateKeyPairSync, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

const say = (/** @type {string} */ line) => console.log(line);
/** @returns {never} */
const giveUp = (/** @type {number} */ code, /** @type {string} */ line) => {
  console.error(line);
  process.exit(code);
};

const sha256 = (/** @type {Uint8Array[]} */ ...parts) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/**
 * In the alphabet of docs/ballot-protocol.md, five bits a sign, the last one filled with zeros.
 * @param {Uint8Array} bytes
 */
function signs(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{1,5}/g, (five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '');
}
const plain = (/** @type {string} */ typed) =>
  typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
const print = (/** @type {string} */ of) => of.replace(/.{4}(?=.)/g, '$& ');

/**
 * Line number `line` (1 to 4) of the sheet: eight bytes of the private half, and three check signs.
 * @param {Buffer} secret
 * @param {number} line
 */
function lineOf(secret, line) {
  const part = secret.subarray(8 * (line - 1), 8 * line);
  return signs(part) + signs(sha256(Buffer.from('medvirk sheet'), Buffer.of(line), part)).slice(0, 3);
}

const [file, ...more] = process.argv.slice(2);
if (more.length > 0) giveUp(2, 'Skriv: node tools/sheet.js [FIL]');

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { d = '', x = '', y = '' } = privateKey.export({ format: 'jwk' });
const secret = Buffer.from(d, 'base64url');
const raw = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
const sheet = [1, 2, 3, 4].map((line) => lineOf(secret, line));
const word = print(signs(sha256(Buffer.from('medvirk check word'), raw)).slice(0, 8));

const typed = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function answer() {
  const { value, done } = await typed.next();
  if (done) giveUp(1, 'Avbrutt. Dette arket gjelder ikke: lag et nytt.');
  return value;
}
/** Off the screen, and out of what can be scrolled back to. */
const clear = () => process.stdout.isTTY && process.stdout.write('\x1b[2J\x1b[3J\x1b[H');

async function show() {
  clear();
  say('NØKKELARK FOR VITNE');
  say('Skriv av de fire linjene og kontrollordet på papir. Ta ikke bilde, og lagre ikke det som står her.\n');
  for (const [i, line] of sheet.entries()) say(`${i + 1}. ${print(line)}`);
  say(`\nKontrollord: ${word}`);
  say('\nTo av de tre vitnenes ark åpner svarene når undersøkelsen er stengt. Vis arket til ingen.');
  say('Skriv også undersøkelsen, navnet ditt og datoen på arket.');
  say('\nTrykk Enter når alt står på papiret. Da forsvinner linjene fra skjermen.');
  await answer();
  clear();
}

await show();
const asked = randomInt(1, 5);
for (;;) {
  say(`Skriv linje ${asked} fra papiret, eller trykk Enter for å se arket igjen:`);
  const line = plain(await answer());
  if (line === sheet[asked - 1]) break;
  if (line === '') await show();
  else say(`Linje ${asked} er skrevet feil. Se på arket tegn for tegn.`);
}

const point = raw.toString('base64url');
say('Arket kan leses. Lim inn den offentlige halvparten på siden «Nøkkelarket ditt»:\n');
say(point);
say(`\nSiden skal da vise kontrollordet ${word}. Viser den et annet, har ikke serveren nøkkelen din.`);
if (file) {
  writeFileSync(file, `${point}\n`);
  say(`Den offentlige halvparten ligger også i ${file}. De fire linjene finnes bare på papiret.`);
}
process.exit(0);
