CREATE TABLE "agreement" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"plan_id" uuid NOT NULL,
	"agreed_on" date NOT NULL,
	"forum" text NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid
);
--> statement-breakpoint
CREATE TABLE "asked" (
	"person_id" uuid NOT NULL,
	"opened_on" date NOT NULL,
	"minutes" smallint NOT NULL,
	CONSTRAINT "asked_person_id_opened_on_minutes_pk" PRIMARY KEY("person_id","opened_on","minutes")
);
--> statement-breakpoint
CREATE TABLE "calendar_link" (
	"secret_hash" "bytea" PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "candidate" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"ref" text NOT NULL,
	"title" jsonb NOT NULL,
	"votes" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "candidate_meeting_id_kind_source_ref_unique" UNIQUE("meeting_id","kind","source","ref")
);
--> statement-breakpoint
CREATE TABLE "cause" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"point_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"why_of_id" uuid,
	"added_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "confirmation" (
	"meeting_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "confirmation_meeting_id_person_id_pk" PRIMARY KEY("meeting_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "goal" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"plan_id" uuid NOT NULL,
	"parent_id" uuid,
	"position" smallint NOT NULL,
	"text" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mandate" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"title" text NOT NULL,
	"origin" text NOT NULL,
	"case_number" text,
	"decided_on" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid
);
--> statement-breakpoint
CREATE TABLE "mandate_item" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"mandate_id" uuid NOT NULL,
	"parent_id" uuid,
	"position" smallint NOT NULL,
	"number" text NOT NULL,
	"text" text NOT NULL,
	"area" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "mandate_item_mandate_id_number_unique" UNIQUE("mandate_id","number")
);
--> statement-breakpoint
CREATE TABLE "measure" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"unit_id" uuid NOT NULL,
	"title" text NOT NULL,
	"expected" text NOT NULL,
	"owner_id" uuid,
	"owner_role" text,
	"starts_on" date NOT NULL,
	"due_on" date NOT NULL,
	"status" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "measure_effect" (
	"measure_id" uuid PRIMARY KEY NOT NULL,
	"answer" text NOT NULL,
	"words" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid
);
--> statement-breakpoint
CREATE TABLE "measure_goal" (
	"measure_id" uuid NOT NULL,
	"goal_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid,
	CONSTRAINT "measure_goal_measure_id_goal_id_pk" PRIMARY KEY("measure_id","goal_id")
);
--> statement-breakpoint
CREATE TABLE "measure_item" (
	"measure_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	CONSTRAINT "measure_item_measure_id_item_id_pk" PRIMARY KEY("measure_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "measure_point" (
	"measure_id" uuid NOT NULL,
	"point_id" uuid NOT NULL,
	CONSTRAINT "measure_point_measure_id_point_id_pk" PRIMARY KEY("measure_id","point_id")
);
--> statement-breakpoint
CREATE TABLE "measure_status" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"measure_id" uuid NOT NULL,
	"status" text NOT NULL,
	"sentence" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid
);
--> statement-breakpoint
CREATE TABLE "measure_version" (
	"measure_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid,
	CONSTRAINT "measure_version_measure_id_version_pk" PRIMARY KEY("measure_id","version")
);
--> statement-breakpoint
CREATE TABLE "meeting" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"round_id" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"turn" integer DEFAULT 0 NOT NULL,
	"code" text,
	"ticket_key" "bytea",
	"joined" integer DEFAULT 0 NOT NULL,
	"voters" integer,
	"fewer_reason" text,
	"agreed_at" timestamp with time zone,
	"agreed_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid,
	CONSTRAINT "meeting_code_unique" UNIQUE("code"),
	CONSTRAINT "meeting_round_id_unit_id_unique" UNIQUE("round_id","unit_id")
);
--> statement-breakpoint
CREATE TABLE "nudge" (
	"person_id" uuid NOT NULL,
	"week" date NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	CONSTRAINT "nudge_person_id_week_pk" PRIMARY KEY("person_id","week")
);
--> statement-breakpoint
CREATE TABLE "occurrence" (
	"programme_id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"moved_to" date,
	"round_id" text,
	CONSTRAINT "occurrence_programme_id_year_pk" PRIMARY KEY("programme_id","year")
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid,
	CONSTRAINT "plan_kind_unit_id_year_unique" UNIQUE("kind","unit_id","year")
);
--> statement-breakpoint
CREATE TABLE "point" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"source" text NOT NULL,
	"ref" text NOT NULL,
	"position" smallint NOT NULL,
	"carried_from_id" uuid,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "programme" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"questionnaire_key" text NOT NULL,
	"unit_ids" jsonb NOT NULL,
	"first_year" smallint,
	"every_years" smallint,
	"month" smallint NOT NULL,
	"window_days" smallint NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid
);
--> statement-breakpoint
CREATE TABLE "remark" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"plan_id" uuid,
	"meeting_id" uuid,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "beside_one_thing" CHECK (num_nonnulls("remark"."plan_id", "remark"."meeting_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "report" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"unit_id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"period" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"words" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"handed_at" timestamp with time zone,
	"handed_by" uuid,
	"content" jsonb,
	CONSTRAINT "report_unit_id_year_period_unique" UNIQUE("unit_id","year","period")
);
--> statement-breakpoint
CREATE TABLE "roll_check" (
	"round_id" text NOT NULL,
	"group_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"doubt" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "roll_check_round_id_group_id_person_id_pk" PRIMARY KEY("round_id","group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "sitting" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"meeting_id" uuid NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"place" text NOT NULL,
	"held_at" timestamp with time zone,
	"took_part" integer
);
--> statement-breakpoint
CREATE TABLE "step" (
	"round_id" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"step" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid,
	CONSTRAINT "step_round_id_unit_id_step_pk" PRIMARY KEY("round_id","unit_id","step")
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"round_id" text NOT NULL,
	"kind" text NOT NULL,
	"due_on" date NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" uuid,
	CONSTRAINT "task_round_id_kind_unique" UNIQUE("round_id","kind")
);
--> statement-breakpoint
CREATE TABLE "used_ticket" (
	"meeting_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "used_ticket_meeting_id_hash_pk" PRIMARY KEY("meeting_id","hash")
);
--> statement-breakpoint
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asked" ADD CONSTRAINT "asked_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_link" ADD CONSTRAINT "calendar_link_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cause" ADD CONSTRAINT "cause_point_id_point_id_fk" FOREIGN KEY ("point_id") REFERENCES "public"."point"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cause" ADD CONSTRAINT "cause_why_of_id_cause_id_fk" FOREIGN KEY ("why_of_id") REFERENCES "public"."cause"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation" ADD CONSTRAINT "confirmation_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goal" ADD CONSTRAINT "goal_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goal" ADD CONSTRAINT "goal_parent_id_goal_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."goal"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandate" ADD CONSTRAINT "mandate_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandate_item" ADD CONSTRAINT "mandate_item_mandate_id_mandate_id_fk" FOREIGN KEY ("mandate_id") REFERENCES "public"."mandate"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandate_item" ADD CONSTRAINT "mandate_item_parent_id_mandate_item_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."mandate_item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure" ADD CONSTRAINT "measure_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure" ADD CONSTRAINT "measure_owner_id_person_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_effect" ADD CONSTRAINT "measure_effect_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_effect" ADD CONSTRAINT "measure_effect_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_goal" ADD CONSTRAINT "measure_goal_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_goal" ADD CONSTRAINT "measure_goal_goal_id_goal_id_fk" FOREIGN KEY ("goal_id") REFERENCES "public"."goal"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_goal" ADD CONSTRAINT "measure_goal_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_item" ADD CONSTRAINT "measure_item_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_item" ADD CONSTRAINT "measure_item_item_id_mandate_item_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."mandate_item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_point" ADD CONSTRAINT "measure_point_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_point" ADD CONSTRAINT "measure_point_point_id_point_id_fk" FOREIGN KEY ("point_id") REFERENCES "public"."point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_status" ADD CONSTRAINT "measure_status_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_status" ADD CONSTRAINT "measure_status_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_version" ADD CONSTRAINT "measure_version_measure_id_measure_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measure_version" ADD CONSTRAINT "measure_version_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_agreed_by_person_id_fk" FOREIGN KEY ("agreed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "nudge" ADD CONSTRAINT "nudge_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_programme_id_programme_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programme"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrence" ADD CONSTRAINT "occurrence_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "point" ADD CONSTRAINT "point_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "point" ADD CONSTRAINT "point_carried_from_id_point_id_fk" FOREIGN KEY ("carried_from_id") REFERENCES "public"."point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "programme" ADD CONSTRAINT "programme_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "remark_plan_id_plan_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "remark_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "remark_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_handed_by_person_id_fk" FOREIGN KEY ("handed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roll_check" ADD CONSTRAINT "roll_check_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roll_check" ADD CONSTRAINT "roll_check_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sitting" ADD CONSTRAINT "sitting_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_done_by_person_id_fk" FOREIGN KEY ("done_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "used_ticket" ADD CONSTRAINT "used_ticket_meeting_id_meeting_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meeting"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agreement_plan_id_index" ON "agreement" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "calendar_link_person_id_index" ON "calendar_link" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "cause_point_id_index" ON "cause" USING btree ("point_id");--> statement-breakpoint
CREATE INDEX "goal_plan_id_index" ON "goal" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "goal_parent_id_index" ON "goal" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "mandate_item_parent_id_index" ON "mandate_item" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "measure_unit_id_index" ON "measure" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "measure_owner_id_index" ON "measure" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "measure_words_index" ON "measure" USING gin (to_tsvector('norwegian', "title" || ' ' || "expected"));--> statement-breakpoint
CREATE INDEX "measure_goal_goal_id_index" ON "measure_goal" USING btree ("goal_id");--> statement-breakpoint
CREATE INDEX "measure_item_item_id_index" ON "measure_item" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "measure_point_point_id_index" ON "measure_point" USING btree ("point_id");--> statement-breakpoint
CREATE INDEX "measure_status_measure_id_index" ON "measure_status" USING btree ("measure_id");--> statement-breakpoint
CREATE INDEX "measure_status_at_index" ON "measure_status" USING btree ("at");--> statement-breakpoint
CREATE INDEX "meeting_unit_id_index" ON "meeting" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "point_meeting_id_index" ON "point" USING btree ("meeting_id");--> statement-breakpoint
CREATE INDEX "remark_plan_id_index" ON "remark" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "remark_meeting_id_index" ON "remark" USING btree ("meeting_id");--> statement-breakpoint
CREATE INDEX "sitting_meeting_id_index" ON "sitting" USING btree ("meeting_id");--> statement-breakpoint
CREATE INDEX "step_unit_id_index" ON "step" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "task_due_on_index" ON "task" USING btree ("due_on");