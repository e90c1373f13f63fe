-- The box knows ballots and never people. Nothing here may tell when, in which order or by whom something was
-- written: no clock, no counter, no trigger, no default, no key but the token's own hash.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'box_intake') THEN CREATE ROLE box_intake NOLOGIN; END IF;
  IF NOT pg_has_role('box_intake', 'SET') THEN GRANT box_intake TO CURRENT_USER; END IF;
END $$;
--> statement-breakpoint
CREATE TABLE "round" (
  "id" text PRIMARY KEY CHECK ("id" ~ '^[0-9a-z]{8}$'),
  "intake" boolean NOT NULL
) WITH (autovacuum_enabled = false);
--> statement-breakpoint
CREATE TABLE "release" (
  "round_id" text PRIMARY KEY,
  "bytes" text NOT NULL,
  "receipts" text NOT NULL
) WITH (autovacuum_enabled = false);
--> statement-breakpoint
GRANT SELECT ON "round" TO box_intake;
--> statement-breakpoint
CREATE FUNCTION make_ballots(round_id text, sealed_size integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ballots text := 'ballots_' || round_id;
BEGIN
  INSERT INTO "round" VALUES (round_id, false);
  EXECUTE format(
    'CREATE TABLE %I (
       group_id text NOT NULL CHECK (group_id ~ ''^[0-9]{4}$''),
       token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
       sealed bytea NOT NULL CHECK (octet_length(sealed) = %s)
     ) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)', ballots, sealed_size);
  EXECUTE format(
    'ALTER TABLE %I ALTER group_id SET STATISTICS 0, ALTER token_hash SET STATISTICS 0, ALTER sealed SET STATISTICS 0',
    ballots);
  EXECUTE format('GRANT SELECT, INSERT ON %I TO box_intake', ballots);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION make_ballots FROM PUBLIC;
