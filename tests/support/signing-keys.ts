import crypto, { type KeyObject } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

/*
 * Making RSA keys is what most of the time of a frozen round goes to. Here each process of the tests takes them in the
 * same order from a folder that all share, and makes those that are not there yet. So many are different; nobody's
 * round has more groups.
 */
const different = 60;
const folder = path.resolve(import.meta.dirname, '../../node_modules/.cache/medvirk-test-keys');
const { createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync } = crypto;
let taken = 0;

type Encoding = { type: 'spki' | 'pkcs8'; format: 'der' };
type Wanted = {
  modulusLength?: number;
  publicExponent?: number;
  publicKeyEncoding?: Encoding;
  privateKeyEncoding?: Encoding;
};

const isOurs = (type: string, { modulusLength, publicExponent = 65537 }: Wanted = {}) =>
  type === 'rsa' && modulusLength === 3072 && publicExponent === 65537;

function take({ publicKeyEncoding, privateKeyEncoding }: Wanted) {
  const file = path.join(folder, `${taken++ % different}.der`);
  if (!fs.existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const half = `${file}.${process.pid}`;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(half, privateKey.export({ type: 'pkcs8', format: 'der' }), { mode: 0o600 });
    fs.renameSync(half, file);
  }
  const privateKey = createPrivateKey({ key: fs.readFileSync(file), type: 'pkcs8', format: 'der' });
  const written = (key: KeyObject, as?: Encoding) => (as ? key.export(as as never) : key);
  return {
    publicKey: written(createPublicKey(privateKey), publicKeyEncoding),
    privateKey: written(privateKey, privateKeyEncoding),
  };
}

const waiting = promisify(generateKeyPair) as (type: string, wanted: Wanted) => Promise<object>;
Object.assign(crypto, {
  generateKeyPairSync: (type: string, wanted: Wanted) =>
    isOurs(type, wanted) ? take(wanted) : generateKeyPairSync(type as 'rsa', wanted as never),
  generateKeyPair: Object.assign(
    (...all: never[]) => (generateKeyPair as (...all: never[]) => void)(...all),
    {
      [promisify.custom]: async (type: string, wanted: Wanted) =>
        isOurs(type, wanted) ? take(wanted) : await waiting(type, wanted),
    },
  ),
});
syncBuiltinESMExports();
