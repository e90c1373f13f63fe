// Checks, from any network, that a round sends everybody the same bytes, and that they are those the fingerprint
// stands for. One file, no packages, Node 18 or newer. It asks as four different people would, and compares.
//
//   node tools/check.js https://undersokelse.example.no/svar/ROUND "ABCD EFGH …" [RECEIPT] [--script FILE]
//
// The second word is the fingerprint from the poster. RECEIPT, after the close, is the one you were shown. With
// witnesses it also fetches the script that they open with, and compares it with the one of the freezing. Where the
// program has been upgraded since, FILE is the script that you trust: build-answer/witness.js, as you built it.
// Exit 0: all is as it should be. 1: something is not, each in a line. 2: asked wrongly.
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

const SMALLEST = 5;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

const sha256 = (/** @type {Uint8Array} */ bytes) => createHash('sha256').update(bytes).digest();

/**
 * The first 160 bits in the alphabet of docs/ballot-protocol.md, five bits a sign.
 * @param {Uint8Array} hash
 */
function signs(hash) {
  const bits = [...hash.subarray(0, 20)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{5}/g, (five) => alphabet[Number.parseInt(five, 2)] ?? '');
}

/** The check word of each witness's key: it stands on the sheet. @param {string[][]} locks */
const checkWords = (locks) =>
  [...new Set(locks.flat())].map((point) => {
    const raw = Buffer.from(point, 'base64url');
    const word = signs(sha256(Buffer.concat([Buffer.from('medvirk check word'), raw]))).slice(0, 8);
    return word.replace(/.{4}(?=.)/, '$& ');
  });

const plain = (/** @type {string} */ typed) =>
  typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');

/**
 * Nothing that tells people apart may change what they get.
 * @type {Record<string, string>[]}
 */
const people = [
  {},
  { 'accept-language': 'nn-NO', 'user-agent': 'Mozilla/5.0 (iPhone)' },
  { 'accept-language': 'en', cookie: 'session=somebody', 'accept-encoding': 'identity' },
  {
    'accept-language': 'pl',
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0)',
    referer: 'https://elsewhere.example/',
  },
];

/** @type {string[]} */
const faults = [];
const fault = (/** @type {string} */ words) => faults.push(words);

/** @param {string} address */
async function fetched(address) {
  /** @type {Buffer[]} */
  const all = [];
  for (const headers of people) {
    const reply = await fetch(address, { headers, redirect: 'error' });
    if (reply.status === 404) return null;
    if (!reply.ok) throw new Error(`${address} svarte ${reply.status}`);
    if (reply.headers.has('set-cookie')) fault(`${address} setter en informasjonskapsel.`);
    all.push(Buffer.from(await reply.arrayBuffer()));
  }
  if (all.some((bytes) => !all[0]?.equals(bytes))) fault(`${address} er ikke likt for alle som spør.`);
  return /** @type {Buffer} */ (all[0]);
}

/** @param {string} address @param {string} hash @param {string} what */
async function listed(address, hash, what) {
  const bytes = await fetched(address);
  if (bytes === null) fault(`${what} finnes ikke.`);
  else if (sha256(bytes).toString('base64url') !== hash)
    fault(`${what} er et annet enn det nøkkellisten sier.`);
  return bytes;
}

/**
 * The script that witnesses make sheets with and open with is the running program's own. While there is something to
 * open it must be the one of the freezing, or the very one that whoever asks has built.
 * @param {string} round @param {string | undefined} frozen
 */
async function checkScript(round, frozen) {
  const bytes = await fetched(new URL('/witness/script', round).href);
  if (bytes === null) return fault('Skriptet som vitnene åpner med, finnes ikke.');
  const hash = sha256(bytes);
  console.log(
    `Skriptet som vitnene åpner med, har SHA-256 ${hash.toString('hex').replace(/.{8}(?=.)/g, '$& ')}.`,
  );
  if (trusted) {
    if (!trusted.equals(bytes))
      fault('Skriptet som vitnene åpner med, er et annet enn filen du sammenligner med.');
    return;
  }
  if (frozen === undefined)
    return fault(
      'Nøkkellisten sier ikke hvilket skript vitnene hadde. Sammenlign med --script FIL, eller åpne uten nett.',
    );
  if (hash.toString('base64url') !== frozen)
    fault(
      'Skriptet som vitnene åpner med, er et annet enn da undersøkelsen ble låst. Er Medvirk oppgradert, sammenlign med den nye utgaven (--script FIL), eller åpne uten nett.',
    );
}

/** @param {string} round @param {string} fingerprint @param {string | undefined} receipt */
async function check(round, fingerprint, receipt) {
  const bytes = await fetched(`${round}/keylist.json`);
  if (bytes === null) return fault('Det er ingen slik undersøkelse, eller den er ikke låst.');
  const found = signs(sha256(bytes));
  if (found !== plain(fingerprint))
    return fault(
      `Tegnene stemmer ikke. Nøkkellisten gir ${found.replace(/.{4}(?=.)/g, '$& ').toUpperCase()}.`,
    );
  /** @type {{ files: Record<string, string>, promise: string, locks: string[][], witnessScript?: string, smallestGroup: number, groups: { id: string, name: string, invited: number, key: string, file: string }[] }} */
  const list = JSON.parse(bytes.toString());
  for (const [path, hash] of Object.entries(list.files)) await listed(`${round}/${path}`, hash, path);

  if (list.promise === 'witnesses')
    console.log(`Vitnenes kontrollord: ${checkWords(list.locks).join(', ')}.`);

  const ids = list.groups.map((group) => group.id);
  const names = list.groups.map((group) => group.name);
  if (new Set(ids).size < ids.length || new Set(names).size < names.length)
    fault('To grupper har samme navn eller nummer.');
  for (const { id, name, invited, key, file } of list.groups) {
    if (!(invited >= Math.max(SMALLEST, list.smallestGroup))) fault(`${name} har bare ${invited} inviterte.`);
    const der = await listed(`${round}/key/${id}`, key, `Nøkkelen til ${name}`);
    const { modulusLength = 0, publicExponent } = der
      ? (createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyDetails ?? {})
      : {};
    if (der && (modulusLength < 3072 || publicExponent !== 65537n))
      fault(`Nøkkelen til ${name} er for svak.`);
    await listed(`${round}/group/${id}`, file, `Gruppefilen til ${name}`);
  }
  const invited = list.groups.reduce((sum, group) => sum + group.invited, 0);
  console.log(
    `${Object.keys(list.files).length} filer og ${ids.length} grupper med ${invited} inviterte er lest.`,
  );
  const isCounted = await checkReceipts(round, receipt, invited);
  if (list.promise === 'witnesses' && !isCounted) await checkScript(round, list.witnessScript);
}

/**
 * After the close: one list, every receipt once. False before that.
 * @param {string} round @param {string | undefined} receipt @param {number} invited
 */
async function checkReceipts(round, receipt, invited) {
  const bytes = await fetched(`${round}/receipts.txt`);
  if (bytes === null) {
    if (receipt) fault('Kvitteringene er ikke lagt ut ennå. Prøv igjen når svarene er talt opp.');
    return false;
  }
  const receipts = bytes.toString().split('\n').filter(Boolean);
  if (new Set(receipts).size < receipts.length) fault('En kvittering står to ganger.');
  if (receipts.some((one) => !/^[0-9a-f]{64}$/.test(one))) fault('En linje i listen er ingen kvittering.');
  if (receipts.length > invited)
    fault(
      'Det er flere svar enn inviterte da undersøkelsen ble låst. Se på /sjekk hvor mange som kom til etterpå.',
    );
  console.log(`${receipts.length} svar er talt. Listen har SHA-256 ${sha256(bytes).toString('hex')}.`);
  if (!receipt) return true;
  const own = receipt.toLowerCase().replace(/\s/g, '');
  if (!/^[0-9a-f]{16,64}$/.test(own)) fault('Kvitteringen du skrev, skal være minst 16 tegn, 0–9 og a–f.');
  else if (receipts.some((one) => one.startsWith(own))) console.log('Svaret ditt er med.');
  else fault('Kvitteringen din står ikke i listen.');
  return true;
}

const given = process.argv.slice(2);
const at = given.indexOf('--script');
const [, file] = at < 0 ? [] : given.splice(at, 2);
const [address, fingerprint, receipt, ...more] = given;
if (
  (at >= 0 && !(file && existsSync(file))) ||
  !address ||
  !fingerprint ||
  more.length > 0 ||
  !/^https?:\/\/[^/]+\/svar\/[0-9a-z]{8}\/?$/.test(address)
) {
  console.error(
    'Skriv: node tools/check.js https://…/svar/RUNDE "TEGNENE PÅ PLAKATEN" [KVITTERINGEN DIN] [--script FIL]',
  );
  process.exit(2);
}
const trusted = file ? readFileSync(file) : null;
try {
  await check(address.replace(/\/$/, ''), fingerprint, receipt);
} catch (broken) {
  fault(`Fikk ikke sjekket alt: ${broken instanceof Error ? broken.message : broken}.`);
}
for (const words of faults) console.error(words);
if (faults.length === 0) console.log('Alt er likt for alle, og det er dette plakaten står for.');
process.exit(faults.length === 0 ? 0 : 1);
