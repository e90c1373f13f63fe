import type { Box, Main } from '#server/db.ts';
import type { Ready } from '#server/settings.ts';

export type Outcome =
  /** lines: for a person. json: for --json; without it the command has none. */
  { ok: true; lines: string[]; json?: unknown } | { ok: false; lines: string[]; json?: unknown };

export type Given = {
  /** As the command's arguments name them. */
  args: Record<string, string>;
  options: Record<string, string | boolean | undefined>;
};

export type World = {
  settings: Ready;
  main: Main;
  box: Box;
  now: () => Date;
};

export type Alone = { mainUrl: string; boxUrl: string; now: () => Date };

type Shape = {
  /** As typed, such as "round freeze". */
  name: string;
  does: string;
  /** Names of what must follow, in order. */
  args?: string[];
  options?: Record<string, { takes?: string; required?: boolean }>;
};

export type Command = Shape &
  (
    | { needs: 'nothing'; run: (given: Given) => Promise<Outcome> | Outcome }
    | { needs: 'databases'; run: (given: Given, world: World) => Promise<Outcome> }
    /** The two servers up, whatever is in them, and no Medvirk that serves from them. */
    | { needs: 'servers-alone'; run: (given: Given, world: Alone) => Promise<Outcome> }
  );

/** How a command is typed, in one line. */
export const usage = ({ name, args = [], options = {} }: Shape): string =>
  [
    name,
    ...args.map((arg) => arg.toUpperCase()),
    ...Object.entries(options).map(([option, { takes, required }]) => {
      const typed = takes ? `--${option} ${takes}` : `--${option}`;
      return required ? typed : `[${typed}]`;
    }),
  ].join(' ');

export const refuse = (...lines: string[]): Outcome => ({ ok: false, lines });

/** Of a file that is not there, or may not be read. */
export const unread = (file: string): Outcome =>
  refuse(`Kan ikke lese filen ${file}. Se at navnet er riktig, og at du har lov til å lese den.`);
