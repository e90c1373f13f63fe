import { parseArgs } from 'node:util';
import { type Command, type Given, usage } from './command.ts';

/** The list of what can be typed, or the part of it about one word, such as "round". */
export const listed = (some: Command[]) => [
  'npm run medvirk -- KOMMANDO',
  '',
  ...some.flatMap((one) => [`  ${usage(one)}`, `      ${one.does}`]),
  '',
  'ROUND er det siste i adressen til undersøkelsens side, som k7ymsxa1.',
  'Med --json kommer svaret som JSON. Sluttkode: 0 gjort, 1 avvist, 2 skrevet feil.',
];

export type Typed = { command: Command; given: Given; asJson: boolean };

const isHelp = (word: string | undefined) => word === '--help' || word === '-h';

/** The commands that a question for help is about, or null when it asks for none. */
const askedAbout = (words: string[], commands: Command[]): Command[] | null => {
  const last = words.at(-1);
  if (!isHelp(last) && words[0] !== 'help') return null;
  const about = words.filter((word) => !isHelp(word) && word !== 'help').slice(0, 2);
  const some = commands.filter((one) => {
    const name = one.name.split(' ');
    return about.every((word, i) => i >= name.length || name[i] === word);
  });
  return about.length > 0 && some.length > 0 ? some : null;
};

/** What was typed, or a sentence on what is wrong with it. */
export const understand = (typed: string[], commands: Command[]): Typed | string => {
  const words = typed.length && !isHelp(typed[0]) ? typed : ['help'];
  const about = askedAbout(words, commands);
  if (about) {
    const command: Command = {
      name: 'help',
      does: '',
      needs: 'nothing',
      run: () => ({ ok: true, lines: listed(about) }),
    };
    return { command, given: { args: {}, options: {} }, asJson: false };
  }
  const command = commands.find((one) => one.name.split(' ').every((word, i) => words[i] === word));
  if (!command) {
    const near = commands.filter((one) => one.name.split(' ')[0] === words[0]).map((one) => one.name);
    return near.length > 0
      ? `Etter ${words[0]} kommer ett av disse: ${near.map((name) => name.slice(words[0]!.length + 1)).join(', ')}.`
      : `Kjenner ikke kommandoen «${words.join(' ')}». Skriv help for å se alle.`;
  }
  const { args = [], options = {} } = command;
  const form = `Skriv: npm run medvirk -- ${usage(command)}`;
  try {
    const { values, positionals } = parseArgs({
      args: words.slice(command.name.split(' ').length),
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        ...Object.fromEntries(
          Object.entries(options).map(([name, { takes }]) => [
            name,
            { type: takes ? ('string' as const) : ('boolean' as const) },
          ]),
        ),
      },
    });
    const { json, ...rest } = values as Record<string, string | boolean | undefined>;
    const missing = [
      ...args.slice(positionals.length).map((arg) => arg.toUpperCase()),
      ...Object.entries(options).flatMap(([name, { required }]) =>
        required && !rest[name] ? [`--${name}`] : [],
      ),
    ];
    if (missing.length > 0) return `Mangler ${missing.join(' og ')}.\n${form}`;
    const more = positionals.slice(args.length);
    if (more.length > 0) return `«${more.join(' ')}» er for mye.\n${form}`;
    const named = Object.fromEntries(args.map((arg, i) => [arg, positionals[i]!]));
    return { command, given: { args: named, options: rest }, asJson: json === true };
  } catch (fault) {
    const { code, message } = fault as { code?: string; message: string };
    const option = /'(-[^' ]*)/.exec(message)?.[1] ?? '';
    return code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
      ? `Kjenner ikke valget ${option}.\n${form}`
      : `Valget ${option} er skrevet feil.\n${form}`;
  }
};
