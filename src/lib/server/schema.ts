import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigserial,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type { Release } from '#domain/release.ts';
import type { InvitedRule, RoundTree, Thresholds } from '#domain/round.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const id = () =>
  uuid('id')
    .primaryKey()
    .default(sql`gen_random_uuid()`);

// ---- Units, people, access -------------------------------------------------------------------------------

export const person = pgTable('person', {
  id: id(),
  employeeNumber: text('employee_number').unique(),
  name: text('name').notNull(),
  email: text('email'),
  mobile: text('mobile'),
  /** Set when the person leaves: sessions end and sign-in is refused from this day. */
  leftOn: date('left_on'),
});

export const unit = pgTable(
  'unit',
  {
    id: id(),
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
    shortName: text('short_name'),
    /** kommune, kommunalområde, virksomhet, avdeling: a word to show, never a rule. Depth is the tree's. */
    level: text('level'),
    parentId: uuid('parent_id').references((): AnyPgColumn => unit.id),
    leaderId: uuid('leader_id').references(() => person.id),
    validFrom: date('valid_from').notNull(),
    /** Last day; null while the unit stands. */
    validTo: date('valid_to'),
  },
  (t) => [index().on(t.parentId), index().on(t.leaderId)],
);

export const position = pgTable(
  'position',
  {
    id: id(),
    /** FINT arbeidsforhold systemId when the file has one, else ansattnummer/unit/kind. */
    key: text('key').notNull().unique(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    title: text('title'),
    kind: text('kind'),
    /** Per cent, 0 to 100. */
    share: integer('share').notNull().default(100),
    main: boolean('main').notNull().default(true),
    onLeave: boolean('on_leave').notNull().default(false),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
  },
  (t) => [index().on(t.personId), index().on(t.unitId)],
);

/** Roles beyond leading a unit, which follows from unit.leader_id. */
export const role = pgTable(
  'role',
  {
    id: id(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    role: text('role').notNull(),
    /** null: the whole municipality. */
    unitId: uuid('unit_id').references(() => unit.id),
    givenAt: moment('given_at').notNull(),
    givenBy: uuid('given_by').references(() => person.id),
  },
  (t) => [unique().on(t.personId, t.role, t.unitId).nullsNotDistinct()],
);

export const imported = pgTable('imported', {
  id: id(),
  kind: text('kind').notNull(),
  fileName: text('file_name').notNull(),
  /** The preview that was shown, and after confirming the rows as they were before, so that it can be undone. */
  content: jsonb('content').notNull(),
  previewedAt: moment('previewed_at').notNull(),
  previewedBy: uuid('previewed_by').references(() => person.id),
  confirmedAt: moment('confirmed_at'),
  undoneAt: moment('undone_at'),
});

// ---- Sign-in (docs/decisions/lucia.md) --------------------------------------------------------------------

export const password = pgTable('password', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => person.id, { onDelete: 'cascade' }),
  hash: text('hash').notNull(),
});

export const session = pgTable(
  'session',
  {
    id: text('id').primaryKey(),
    secretHash: bytea('secret_hash').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    lastVerifiedAt: moment('last_verified_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [index().on(t.personId)],
);

export const signInLink = pgTable('sign_in_link', {
  secretHash: bytea('secret_hash').primaryKey(),
  personId: uuid('person_id')
    .notNull()
    .references(() => person.id, { onDelete: 'cascade' }),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
});

// ---- Questionnaires ---------------------------------------------------------------------------------------

export const questionnaire = pgTable(
  'questionnaire',
  {
    id: id(),
    /** Stable across versions, e.g. "employee". */
    key: text('key').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    content: jsonb('content').$type<Questionnaire>().notNull(),
    addedAt: moment('added_at').notNull(),
  },
  (t) => [unique().on(t.key, t.version)],
);

// ---- Rounds -----------------------------------------------------------------------------------------------

export const round = pgTable('round', {
  /** Eight base32 signs, lower case: stands in addresses and table names. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  questionnaireId: uuid('questionnaire_id')
    .notNull()
    .references(() => questionnaire.id),
  unitIds: jsonb('unit_ids').$type<string[]>().notNull(),
  dryRun: boolean('dry_run').notNull().default(false),
  demo: boolean('demo').notNull().default(false),
  state: text('state').notNull(),
  opensAt: moment('opens_at').notNull(),
  stopsAt: moment('stops_at').notNull(),
  /** Days after opening. */
  reminders: jsonb('reminders').$type<number[]>().notNull(),
  rule: jsonb('rule').$type<InvitedRule>().notNull(),
  thresholds: jsonb('thresholds').$type<Thresholds>().notNull(),
  /** Unit codes that HR puts together although each could stand alone. */
  merges: jsonb('merges').$type<string[][]>().notNull().default([]),
  /** Set at freezing. */
  tree: jsonb('tree').$type<RoundTree>(),
  fingerprint: bytea('fingerprint'),
  /** Somebody has shown that the closing key was kept. No round opens before. */
  keyShown: boolean('key_shown').notNull().default(false),
});

/** Who did what to a round, and when: one row per change of state. */
export const roundEvent = pgTable(
  'round_event',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    event: text('event').notNull(),
    at: moment('at').notNull(),
    /** null: the clock. */
    byId: uuid('by_id').references(() => person.id),
    reason: text('reason'),
  },
  (t) => [index().on(t.roundId)],
);

/** Names added or left out by HR. No reason is stored. */
export const roundName = pgTable(
  'round_name',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    added: boolean('added').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.personId] })],
);

/** The frozen bytes, served as they are until close. path: "keylist.json", "nb/", "nb/group/0001", "key/0001", "answer.js". */
export const roundFile = pgTable(
  'round_file',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    path: text('path').notNull(),
    contentType: text('content_type').notNull(),
    csp: text('csp'),
    bytes: bytea('bytes').notNull(),
    brotli: bytea('brotli').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.path] })],
);

/** The signing key of each group, PKCS#8 DER. Deleted at close. */
export const signingKey = pgTable(
  'signing_key',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    groupId: text('group_id').notNull(),
    privateKey: bytea('private_key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.groupId] })],
);

/** Only in a demo: the closing key, which otherwise is handed out once and kept nowhere. */
export const demoClosingKey = pgTable('demo_closing_key', {
  roundId: text('round_id')
    .primaryKey()
    .references(() => round.id),
  keyFile: text('key_file').notNull(),
});

export const invitation = pgTable(
  'invitation',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    /** null for a drawn code. */
    personId: uuid('person_id').references(() => person.id),
    groupId: text('group_id').notNull(),
    /** As it was at freezing: an address changed later must not be told who has fetched, nor get a ballot paper. */
    email: text('email'),
    draftKey: bytea('draft_key').notNull(),
  },
  (t) => [
    unique().on(t.roundId, t.personId),
    unique().on(t.id, t.roundId, t.groupId),
    index().on(t.roundId, t.groupId),
  ],
);

/** Every link ever sent for an invitation; all stay valid and lead to the same single signature. */
export const invitationLink = pgTable(
  'invitation_link',
  {
    secretHash: bytea('secret_hash').primaryKey(),
    invitationId: uuid('invitation_id')
      .notNull()
      .references(() => invitation.id, { onDelete: 'cascade' }),
  },
  (t) => [index().on(t.invitationId)],
);

/**
 * The issued marks: this invitation has fetched its one ballot paper. Rewritten by the shaker, so that no
 * order is left (design: section 3 step 6). No time, no counter, no serial key.
 */
export const issued = pgTable(
  'issued',
  {
    invitationId: uuid('invitation_id').primaryKey(),
    roundId: text('round_id').notNull(),
    groupId: text('group_id').notNull(),
    /** SHA-256 of the blinded message: the same one again gets the same signature. */
    blindedHash: bytea('blinded_hash').notNull(),
  },
  (t) => [
    foreignKey({
      columns: [t.invitationId, t.roundId, t.groupId],
      foreignColumns: [invitation.id, invitation.roundId, invitation.groupId],
    }),
    index().on(t.roundId, t.groupId),
  ],
);

/** What has been asked to be sent: one row per invitation and occasion. The secret and the text are made while sending. */
export const dispatch = pgTable(
  'dispatch',
  {
    invitationId: uuid('invitation_id')
      .notNull()
      .references(() => invitation.id, { onDelete: 'cascade' }),
    /** 0 the invitation, 1 and 2 the reminders. */
    occasion: smallint('occasion').notNull(),
    state: text('state').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invitationId, t.occasion] })],
);

/** The published figures. Never changed; withdrawn with a reason. */
export const release = pgTable('release', {
  roundId: text('round_id')
    .primaryKey()
    .references(() => round.id),
  content: jsonb('content').$type<Release>().notNull(),
  /** The exact bytes as text, so that the hash can be checked by anybody. */
  bytes: text('bytes').notNull(),
  sha256: text('sha256').notNull(),
  receipts: text('receipts').notNull(),
  releasedAt: moment('released_at').notNull(),
  withdrawnAt: moment('withdrawn_at'),
  withdrawnBy: uuid('withdrawn_by').references(() => person.id),
  withdrawnReason: text('withdrawn_reason'),
});

/** What kind of database this is. One row. demo: created and marked by the demo itself. */
export const house = pgTable(
  'house',
  {
    one: boolean('one').primaryKey().default(true),
    demo: boolean('demo').notNull(),
    name: text('name').notNull(),
    /** Of a demo: filled to the end. */
    filled: boolean('filled').notNull().default(false),
  },
  (t) => [check('one_row', sql`${t.one}`)],
);
