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
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Draft } from '#domain/draft.ts';
import type { Outcome as EvaluationOutcome } from '#domain/evaluation.ts';
import type { Help } from '#domain/help.ts';
import type { Keylist } from '#domain/keylist.ts';
import type { Kept as KeptOutcomes } from '#domain/outcome.ts';
import type { Questionnaire, Text } from '#domain/questionnaire.ts';
import type { Release } from '#domain/release.ts';
import type { InvitedRule, RoundTree, Thresholds } from '#domain/round.ts';
import type { Choices } from '#domain/small-unit.ts';
import type { Office } from '#domain/witness.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const id = () =>
  uuid('id')
    .primaryKey()
    .default(sql`gen_random_uuid()`);

// ---- The house -------------------------------------------------------------------------------------------

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
    /** First day of the leader's in this post, when an import saw the change or HR has said; null: not known here. */
    leaderSince: date('leader_since'),
    validFrom: date('valid_from').notNull(),
    /** Last day; null while the unit stands. */
    validTo: date('valid_to'),
  },
  (t) => [index().on(t.parentId), index().on(t.leaderId)],
);

/** On a day a unit took over the staff of another, all or some: said by HR, so that history can be read across it. */
export const succession = pgTable(
  'succession',
  {
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    fromId: uuid('from_id')
      .notNull()
      .references(() => unit.id),
    on: date('on').notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.fromId] }), index().on(t.fromId)],
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

/** A questionnaire under way: its next version, or a new one. One that is open for each key at most. */
export const questionnaireDraft = pgTable(
  'questionnaire_draft',
  {
    id: id(),
    key: text('key').notNull(),
    /** null: begun from nothing. */
    basedOn: uuid('based_on').references(() => questionnaire.id),
    draft: jsonb('draft').$type<Draft>().notNull(),
    version: integer('version').notNull().default(1),
    startedAt: moment('started_at').notNull(),
    startedBy: uuid('started_by').references(() => person.id),
    changedAt: moment('changed_at').notNull(),
    changedBy: uuid('changed_by').references(() => person.id),
    closedAt: moment('closed_at'),
    closedBy: uuid('closed_by').references(() => person.id),
    /** What it became; null and closed: thrown away. */
    becameId: uuid('became_id').references(() => questionnaire.id),
  },
  (t) => [
    uniqueIndex('questionnaire_draft_open')
      .on(t.key)
      .where(sql`${t.closedAt} is null`),
  ],
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
  /** What HR has chosen for units likely to get no figures of their own. */
  choices: jsonb('choices')
    .$type<Choices>()
    .notNull()
    .default({ share: null, borrow: [], without: [], anyway: [] }),
  /** Of residents and relatives, whose names are nowhere here: how many by unit id. */
  counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
  /** Codes beside those needed, per cent of each group that has any. */
  reserve: smallint('reserve').notNull().default(10),
  /** Those without an e-mail address get their link by text message where they have a mobile number. */
  sms: boolean('sms').notNull().default(false),
  /** Who may help residents to answer; staff only when it is decided. */
  help: jsonb('help')
    .$type<Help>()
    .notNull()
    .default({ kinds: ['relative', 'volunteer', 'other'], decidedOn: null, caseNumber: '' }),
  /** What became of residents who did not answer, by group; null until somebody has written it down. */
  outcomes: jsonb('outcomes').$type<KeptOutcomes>(),
  /** The body outside the municipality that holds the operator role and the key; null: the municipality itself. */
  outsideBody: text('outside_body'),
  /** Who there operates the round: freezes it, gets the key, and closes it. null with a body: named before this was kept. */
  holderId: uuid('holder_id').references(() => person.id),
  /** When an operator of the municipality handed the round over; null: not yet, and nobody freezes it. */
  handedAt: moment('handed_at'),
  /** Set at freezing. */
  tree: jsonb('tree').$type<RoundTree>(),
  fingerprint: bytea('fingerprint'),
  /** Somebody has shown that the closing key was kept. No round opens before. With witnesses: true from freezing. */
  keyShown: boolean('key_shown').notNull().default(false),
  /** Who holds the closing key. */
  promise: text('promise').$type<Keylist['promise']>().notNull().default('operator'),
});

/** The three who hold a round's closing keys, if witnesses do. The private halves have never been here. */
export const witness = pgTable(
  'witness',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    office: text('office').$type<Office>().notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    /** The public half, as in the keylist; null until it is made. */
    point: text('point'),
    madeAt: moment('made_at'),
    /** The witness has said that the sheet is gone. */
    lostAt: moment('lost_at'),
  },
  (t) => [
    primaryKey({ columns: [t.roundId, t.office] }),
    unique().on(t.roundId, t.personId),
    unique().on(t.roundId, t.point),
    index().on(t.personId),
  ],
);

/** The two who read what is written in a round before it is published; none where comments are off. */
export const commentReader = pgTable(
  'comment_reader',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    /** 0 and 1, in the order they were named. */
    place: smallint('place').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    /** When the reader last had the comments in front. */
    readAt: moment('read_at'),
    /** When the reader said that all are read. */
    doneAt: moment('done_at'),
    /** HMACs, base64url and sorted, of the comments to be withheld. Empty after close. */
    marks: jsonb('marks').$type<string[]>().notNull().default([]),
    /** The groups, by id, that the reader has worked in at the freezing or at a sitting since. */
    groups: jsonb('groups').$type<string[]>().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.roundId, t.place] }),
    unique().on(t.roundId, t.personId),
    index().on(t.personId),
  ],
);

/** A release that one witness has built, until another confirms it. */
export const proposedRelease = pgTable('proposed_release', {
  roundId: text('round_id')
    .primaryKey()
    .references(() => round.id),
  bytes: text('bytes').notNull(),
  sha256: text('sha256').notNull(),
  proposedAt: moment('proposed_at').notNull(),
  proposedBy: uuid('proposed_by')
    .notNull()
    .references(() => person.id),
});

/** Who did what to a round, and when: one row per change of state, and some for what changed none. */
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

/**
 * What was done before the round, with whom: a row each time an item is recorded, and the newest is what holds.
 * Never changed.
 */
export const approval = pgTable(
  'approval',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    item: text('item').notNull(),
    day: date('day').notNull(),
    forum: text('forum').notNull(),
    caseNumber: text('case_number'),
    /** What was said; of the basis the extra questions that were adopted. */
    text: text('text').notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [index().on(t.roundId)],
);

/** Whom a leader evaluation is of, as it was frozen, so that a report follows the person and never the post. */
export const evaluated = pgTable(
  'evaluated',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    leaderId: uuid('leader_id')
      .notNull()
      .references(() => person.id),
    outcome: text('outcome').$type<EvaluationOutcome>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.unitId] }), index().on(t.leaderId)],
);

/** A leader's own note beside the evaluation: never a ballot, counted nowhere. Statement ids to values of the scale. */
export const assessment = pgTable(
  'assessment',
  {
    roundId: text('round_id').notNull(),
    unitId: uuid('unit_id').notNull(),
    answers: jsonb('answers').$type<Record<string, number>>().notNull(),
    words: text('words').notNull(),
    writtenAt: moment('written_at').notNull(),
    /** The leader has shared it with the leader above; null: seen by the leader alone. */
    sharedAt: moment('shared_at'),
  },
  (t) => [
    primaryKey({ columns: [t.roundId, t.unitId] }),
    foreignKey({
      columns: [t.roundId, t.unitId],
      foreignColumns: [evaluated.roundId, evaluated.unitId],
    }),
  ],
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

/** The frozen bytes, served as they are until close. path: "keylist.json", "nb/", "group/0001", "key/0001", "answer.js". */
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

/**
 * What opens the one copy of the box, round by round: new with every copy, deleted at close, and in no copy of main
 * (docs/decisions/backup.md).
 */
export const boxCopyKey = pgTable(
  'box_copy_key',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    copy: text('copy').notNull(),
    key: bytea('key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.copy] })],
);

export const invitation = pgTable(
  'invitation',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    /** null for a drawn code: printed when it has a link, still to be made when it has none. */
    personId: uuid('person_id').references(() => person.id),
    groupId: text('group_id').notNull(),
    /** As it was at freezing: an address changed later must not be told who has fetched, nor get a ballot paper. */
    email: text('email'),
    /** As at freezing too, E.164: of somebody without an e-mail address, in a round that sends text messages. */
    mobile: text('mobile'),
    draftKey: bytea('draft_key').notNull(),
  },
  (t) => [
    check('one_way', sql`num_nonnulls(${t.email}, ${t.mobile}) <= 1`),
    unique().on(t.roundId, t.personId),
    unique().on(t.id, t.roundId, t.groupId),
    index().on(t.roundId, t.groupId),
  ],
);

/**
 * A representative has read the names invited in a group, so that no invented colleague stands there. doubt: what is
 * wrong, in words; null: they are known. Nothing of whether anybody has fetched.
 */
export const rollCheck = pgTable(
  'roll_check',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    groupId: text('group_id').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    doubt: text('doubt'),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.groupId, t.personId] })],
);

/**
 * How many joined a group while the round was open, for its public protocol. Kept when the invitations are gone. Who
 * left is not counted here: beside how many left, it would tell how many of those had fetched a paper.
 */
export const joined = pgTable(
  'joined',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    groupId: text('group_id').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.groupId] })],
);

/** Today's step of a node's live rate (domain/live-rate.ts): no count, and none of the days before. */
export const liveRate = pgTable(
  'live_rate',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    nodeId: text('node_id').notNull(),
    step: smallint('step').notNull(),
    on: date('on').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.nodeId] })],
);

/**
 * Invited without an address, as it was at freezing: handed one of their group's drawn codes on paper. Nothing of
 * which code; and whoever hands them out does not know either.
 */
export const byHand = pgTable(
  'by_hand',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    groupId: text('group_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.personId] })],
);

/** Who may enter the paper forms of a round: given by HR, with who and when; never which forms, nor when any came. */
export const paperEnterer = pgTable(
  'paper_enterer',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    givenAt: moment('given_at').notNull(),
    givenBy: uuid('given_by').references(() => person.id),
    takenAt: moment('taken_at'),
    takenBy: uuid('taken_by').references(() => person.id),
  },
  (t) => [
    uniqueIndex()
      .on(t.roundId, t.personId)
      .where(sql`${t.takenAt} is null`),
    index().on(t.personId),
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

/** The published figures. Never changed; withdrawn with a reason, and then emptied. */
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

// ---- From result to measure (domain.md section 4) ----------------------------------------------------------

/** One of the five steps, taken by a unit after a round: who and when. Not taken: no row. */
export const step = pgTable(
  'step',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    step: text('step').notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.roundId, t.unitId, t.step] }), index().on(t.unitId)],
);

/** A unit's meeting about its result in one round: several sittings, one vote, one decision. */
export const meeting = pgTable(
  'meeting',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    stage: text('stage').notNull(),
    /** Grows by one with each change that a screen shows: what the screens ask for. */
    turn: integer('turn').notNull().default(0),
    /** What a phone is given to type; null before the first sitting and after the voting. */
    code: text('code').unique(),
    /** Signs the tickets of this meeting's phones. Deleted when the voting ends. */
    ticketKey: bytea('ticket_key'),
    /** Phones that were given a ticket. A count, nothing of whose. */
    joined: integer('joined').notNull().default(0),
    /** How many voted; null until the voting has ended. */
    voters: integer('voters'),
    /** When no page held its tickets, key and tallies on the way any more; null: phones are in, or the job is to come. */
    forgottenAt: moment('forgotten_at'),
    /** Why fewer than two of a kind were chosen; stays visible. */
    fewerReason: text('fewer_reason'),
    agreedAt: moment('agreed_at'),
    agreedBy: uuid('agreed_by').references(() => person.id),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by').references(() => person.id),
  },
  (t) => [unique().on(t.roundId, t.unitId), index().on(t.unitId)],
);

/** Day, evening, night: a gathering of the meeting. */
export const sitting = pgTable(
  'sitting',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meeting.id),
    startsAt: moment('starts_at').notNull(),
    place: text('place').notNull(),
    heldAt: moment('held_at'),
    /** Counted, not named. */
    tookPart: integer('took_part'),
  },
  (t) => [index().on(t.meetingId)],
);

/** Something the meeting may keep or improve. votes: its tally, a number and nothing of whose or when. */
export const candidate = pgTable(
  'candidate',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meeting.id),
    kind: text('kind').notNull(),
    /** factor, statement: shown in the release; earlier: a point of an earlier meeting; own: the room's words. */
    source: text('source').notNull(),
    /** Id of the factor, statement or earlier point; of "own" the words themselves. */
    ref: text('ref').notNull(),
    /** In the questionnaire's languages, or (own, earlier) as it was written. */
    title: jsonb('title').$type<Text>().notNull(),
    votes: integer('votes').notNull().default(0),
  },
  (t) => [unique().on(t.meetingId, t.kind, t.source, t.ref)],
);

/** Which tickets have proposed or voted, as hashes: no phone, no time, no choice. Emptied when the voting ends. */
export const usedTicket = pgTable(
  'used_ticket',
  {
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meeting.id),
    hash: bytea('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meetingId, t.hash] })],
);

/** Union and safety representatives confirm that they took part. */
export const confirmation = pgTable(
  'confirmation',
  {
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meeting.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    role: text('role').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meetingId, t.personId] })],
);

/** A keep or improve point that a department chose. */
export const point = pgTable(
  'point',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meeting.id),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    source: text('source').notNull(),
    ref: text('ref').notNull(),
    position: smallint('position').notNull(),
    carriedFromId: uuid('carried_from_id').references((): AnyPgColumn => point.id),
    version: integer('version').notNull().default(1),
  },
  (t) => [index().on(t.meetingId)],
);

export const cause = pgTable(
  'cause',
  {
    id: id(),
    pointId: uuid('point_id')
      .notNull()
      .references(() => point.id, { onDelete: 'cascade' }),
    /** promotes or hinders. */
    kind: text('kind').notNull(),
    text: text('text').notNull(),
    /** The cause that this one answers "why?" of. */
    whyOfId: uuid('why_of_id').references((): AnyPgColumn => cause.id, { onDelete: 'cascade' }),
    addedAt: moment('added_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [index().on(t.pointId)],
);

// ---- Measures ---------------------------------------------------------------------------------------------

/** A measure is written once and stands in many places: points, plans, mandates. */
export const measure = pgTable(
  'measure',
  {
    id: id(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    title: text('title').notNull(),
    /** What it is expected to lead to. */
    expected: text('expected').notNull(),
    ownerId: uuid('owner_id').references(() => person.id),
    /** Who in words, where it is no single person: "ansvarsvakt". */
    ownerRole: text('owner_role'),
    startsOn: date('starts_on').notNull(),
    dueOn: date('due_on').notNull(),
    /** That of the newest row in measure_status. */
    status: text('status').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index().on(t.unitId),
    index().on(t.ownerId),
    index('measure_words_index').using(
      'gin',
      sql`to_tsvector('norwegian', ${t.title} || ' ' || ${t.expected})`,
    ),
  ],
);

/** What a measure said in each version, so that two who write at once lose nothing. */
export const measureVersion = pgTable(
  'measure_version',
  {
    measureId: uuid('measure_id')
      .notNull()
      .references(() => measure.id),
    version: integer('version').notNull(),
    content: jsonb('content').$type<Record<string, string>>().notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.measureId, t.version] })],
);

export const measureStatus = pgTable(
  'measure_status',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    measureId: uuid('measure_id')
      .notNull()
      .references(() => measure.id),
    status: text('status').notNull(),
    sentence: text('sentence').notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [index().on(t.measureId), index().on(t.at)],
);

/** Did it help? Asked once, when a measure is done or dropped. */
export const measureEffect = pgTable('measure_effect', {
  measureId: uuid('measure_id')
    .primaryKey()
    .references(() => measure.id),
  answer: text('answer').notNull(),
  words: text('words').notNull(),
  at: moment('at').notNull(),
  byId: uuid('by_id').references(() => person.id),
});

export const measurePoint = pgTable(
  'measure_point',
  {
    measureId: uuid('measure_id')
      .notNull()
      .references(() => measure.id),
    pointId: uuid('point_id')
      .notNull()
      .references(() => point.id),
  },
  (t) => [primaryKey({ columns: [t.measureId, t.pointId] }), index().on(t.pointId)],
);

// ---- Plans ------------------------------------------------------------------------------------------------

/** kind: business (an enterprise's), ia or hms (a unit's). One of each per unit and year. */
export const plan = pgTable(
  'plan',
  {
    id: id(),
    kind: text('kind').notNull(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    year: smallint('year').notNull(),
    createdAt: moment('created_at').notNull(),
    createdBy: uuid('created_by').references(() => person.id),
  },
  (t) => [unique().on(t.kind, t.unitId, t.year)],
);

/** A goal, or (with a parent) a sub-goal, under which measures stand. */
export const goal = pgTable(
  'goal',
  {
    id: id(),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plan.id),
    parentId: uuid('parent_id').references((): AnyPgColumn => goal.id),
    position: smallint('position').notNull(),
    text: text('text').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [index().on(t.planId), index().on(t.parentId)],
);

export const measureGoal = pgTable(
  'measure_goal',
  {
    measureId: uuid('measure_id')
      .notNull()
      .references(() => measure.id),
    goalId: uuid('goal_id')
      .notNull()
      .references(() => goal.id),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.measureId, t.goalId] }), index().on(t.goalId)],
);

/** A plan as it was agreed on a day, in a forum. Never changed. */
export const agreement = pgTable(
  'agreement',
  {
    id: id(),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plan.id),
    agreedOn: date('agreed_on').notNull(),
    forum: text('forum').notNull(),
    content: jsonb('content').notNull(),
    at: moment('at').notNull(),
    byId: uuid('by_id').references(() => person.id),
  },
  (t) => [index().on(t.planId)],
);

/** What a representative says beside a plan or a meeting's minutes, or (committee readers too) a round's draft. Never changed. */
export const remark = pgTable(
  'remark',
  {
    id: id(),
    planId: uuid('plan_id').references(() => plan.id),
    meetingId: uuid('meeting_id').references(() => meeting.id),
    roundId: text('round_id').references(() => round.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    role: text('role').notNull(),
    text: text('text').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    check('beside_one_thing', sql`num_nonnulls(${t.planId}, ${t.meetingId}, ${t.roundId}) = 1`),
    index().on(t.planId),
    index().on(t.meetingId),
    index().on(t.roundId),
  ],
);

// ---- Mandates: lists of other origin ------------------------------------------------------------------------

/** A list that the municipality has taken on: a political decision, proposals, an external review. */
export const mandate = pgTable('mandate', {
  id: id(),
  title: text('title').notNull(),
  /** Who decided or proposed it, in words. */
  origin: text('origin').notNull(),
  /** Case number in the political system, "24/25". */
  caseNumber: text('case_number'),
  decidedOn: date('decided_on').notNull(),
  version: integer('version').notNull().default(1),
  createdAt: moment('created_at').notNull(),
  createdBy: uuid('created_by').references(() => person.id),
});

export const mandateItem = pgTable(
  'mandate_item',
  {
    id: id(),
    mandateId: uuid('mandate_id')
      .notNull()
      .references(() => mandate.id),
    parentId: uuid('parent_id').references((): AnyPgColumn => mandateItem.id),
    position: smallint('position').notNull(),
    /** As it stands in the decision: "7", "7 b". */
    number: text('number').notNull(),
    text: text('text').notNull(),
    /** One of the areas the lists are grouped in, in words; null: none. */
    area: text('area'),
    version: integer('version').notNull().default(1),
  },
  (t) => [unique().on(t.mandateId, t.number), index().on(t.parentId)],
);

export const measureItem = pgTable(
  'measure_item',
  {
    measureId: uuid('measure_id')
      .notNull()
      .references(() => measure.id),
    itemId: uuid('item_id')
      .notNull()
      .references(() => mandateItem.id),
  },
  (t) => [primaryKey({ columns: [t.measureId, t.itemId] }), index().on(t.itemId)],
);

// ---- Reports and reminders -------------------------------------------------------------------------------

/** A unit's tertial or annual report. Started by the clock, exactly once; handed to the level above by its leader. */
export const report = pgTable(
  'report',
  {
    id: id(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => unit.id),
    year: smallint('year').notNull(),
    /** t1, t2, annual. */
    period: text('period').notNull(),
    startedAt: moment('started_at').notNull(),
    words: text('words').notNull().default(''),
    version: integer('version').notNull().default(1),
    handedAt: moment('handed_at'),
    handedBy: uuid('handed_by').references(() => person.id),
    /** What it said when it was handed in. */
    content: jsonb('content'),
  },
  (t) => [unique().on(t.unitId, t.year, t.period)],
);

/** A leader is reminded by mail at most once a week. week: its Monday. */
export const nudge = pgTable(
  'nudge',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    week: date('week').notNull(),
    sentAt: moment('sent_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.week] })],
);

// ---- Rotation and the calendar ---------------------------------------------------------------------------

/** What recurs: a survey for some units, every so many years from a year on, in a month. */
export const programme = pgTable('programme', {
  id: id(),
  name: text('name').notNull(),
  questionnaireKey: text('questionnaire_key').notNull(),
  unitIds: jsonb('unit_ids').$type<string[]>().notNull(),
  /** null: not decided yet. */
  firstYear: smallint('first_year'),
  /** Years between; null: on decision, and then in the first year alone. */
  everyYears: smallint('every_years'),
  /** 1 to 12. */
  month: smallint('month').notNull(),
  windowDays: smallint('window_days').notNull(),
  version: integer('version').notNull().default(1),
  endedAt: moment('ended_at'),
  createdAt: moment('created_at').notNull(),
  createdBy: uuid('created_by').references(() => person.id),
});

/** One run of a programme: its year, its day, and the round that was planned for it. */
export const occurrence = pgTable(
  'occurrence',
  {
    programmeId: uuid('programme_id')
      .notNull()
      .references(() => programme.id),
    year: smallint('year').notNull(),
    /** First day of answering, when HR has moved it from what the rule gives. */
    movedTo: date('moved_to'),
    roundId: text('round_id').references(() => round.id),
  },
  (t) => [primaryKey({ columns: [t.programmeId, t.year] })],
);

/** Something HR must do for a round, by a day. */
export const task = pgTable(
  'task',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => round.id),
    kind: text('kind').notNull(),
    dueOn: date('due_on').notNull(),
    doneAt: moment('done_at'),
    doneBy: uuid('done_by').references(() => person.id),
  },
  (t) => [unique().on(t.roundId, t.kind), index().on(t.dueOn)],
);

/**
 * Who was asked to answer a survey, so that nobody is asked too often: who, the day it opened, and how long it takes.
 * Written for all invited in one go when a round opens. Nothing of whether anybody answered, and no round.
 */
export const asked = pgTable(
  'asked',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    openedOn: date('opened_on').notNull(),
    minutes: smallint('minutes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.openedOn, t.minutes] })],
);

/** A subscription to the calendar, by an address that its owner can take back. */
export const calendarLink = pgTable(
  'calendar_link',
  {
    secretHash: bytea('secret_hash').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [index().on(t.personId)],
);
