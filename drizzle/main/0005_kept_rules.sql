-- What is frozen, counted or published stays as it is, whoever asks (design section 4: no results while open,
-- no reopening, no corrections). Who owns the database can take these away; a fault in the program cannot.
ALTER TABLE "round" ADD CONSTRAINT "limits_hold" CHECK (coalesce(
  ("thresholds"->>'factor')::numeric BETWEEN 5 AND 50
  AND ("thresholds"->>'statement')::numeric BETWEEN 7 AND 50
  AND ("thresholds"->>'invited')::numeric BETWEEN 5 AND 50
  AND ("thresholds"->>'statement')::numeric >= ("thresholds"->>'factor')::numeric, false));
--> statement-breakpoint
CREATE FUNCTION "keep_round"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_frozen boolean := old.state NOT IN ('planned', 'approved');
BEGIN
  IF new.id <> old.id THEN
    RAISE EXCEPTION 'a round keeps its id' USING ERRCODE = 'check_violation';
  END IF;
  -- A round that is thawed is approved first, and its tree is taken away after.
  IF is_frozen AND (
    new.thresholds <> old.thresholds
    OR new.questionnaire_id <> old.questionnaire_id
    OR new.unit_ids <> old.unit_ids
    OR new.dry_run <> old.dry_run
    OR new.sms <> old.sms
    OR new.help <> old.help
    OR new.merges <> old.merges
    OR new.promise <> old.promise
    OR new.outside_body IS DISTINCT FROM old.outside_body
    OR new.holder_id IS DISTINCT FROM old.holder_id
    OR new.handed_at IS DISTINCT FROM old.handed_at
    OR (old.tree IS NOT NULL AND new.tree IS DISTINCT FROM old.tree)
    OR (old.fingerprint IS NOT NULL AND new.fingerprint IS DISTINCT FROM old.fingerprint)
  ) THEN
    RAISE EXCEPTION 'limits, groups, questions and keys stay as they were frozen' USING ERRCODE = 'check_violation';
  END IF;
  IF old.state = 'approved' AND new.state = 'frozen' AND new.outside_body IS NOT NULL AND new.handed_at IS NULL THEN
    RAISE EXCEPTION 'a round for a body outside is handed over before it is frozen' USING ERRCODE = 'check_violation';
  END IF;
  IF (old.state = 'stopped' AND new.state NOT IN ('stopped', 'closed', 'withdrawn'))
    OR (old.state = 'closed' AND new.state NOT IN ('closed', 'withdrawn'))
    OR (old.state = 'withdrawn' AND new.state <> 'withdrawn')
  THEN
    RAISE EXCEPTION 'a round that has stopped does not open again' USING ERRCODE = 'check_violation';
  END IF;
  IF old.state IN ('open', 'stopped', 'closed') AND new.stops_at > old.stops_at THEN
    RAISE EXCEPTION 'the days for answers are not made longer' USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER "keep_round" BEFORE UPDATE ON "round" FOR EACH ROW EXECUTE FUNCTION "keep_round"();
--> statement-breakpoint
CREATE FUNCTION "keep_release"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (SELECT state FROM "round" WHERE id = new.round_id) IS DISTINCT FROM 'closed' THEN
      RAISE EXCEPTION 'results come when the round has closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
  END IF;
  -- Withdrawn once: the figures as they were, or gone.
  IF TG_OP = 'UPDATE'
    AND old.withdrawn_at IS NULL AND new.withdrawn_at IS NOT NULL
    AND new.round_id = old.round_id AND new.sha256 = old.sha256 AND new.released_at = old.released_at
    AND new.content IN (old.content, '{}') AND new.bytes IN (old.bytes, '') AND new.receipts IN (old.receipts, '')
  THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'a release is withdrawn, never changed or deleted' USING ERRCODE = 'check_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "keep_release" BEFORE INSERT OR UPDATE OR DELETE ON "release" FOR EACH ROW EXECUTE FUNCTION "keep_release"();
