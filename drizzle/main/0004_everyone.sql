CREATE TABLE "approval" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"round_id" text NOT NULL,
	"item" text NOT NULL,
	"day" date NOT NULL,
	"forum" text NOT NULL,
	"case_number" text,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid
);
--> statement-breakpoint
CREATE TABLE "assessment" (
	"round_id" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"answers" jsonb NOT NULL,
	"words" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	"shared_at" timestamp with time zone,
	CONSTRAINT "assessment_round_id_unit_id_pk" PRIMARY KEY("round_id","unit_id")
);
--> statement-breakpoint
CREATE TABLE "box_copy_key" (
	"round_id" text NOT NULL,
	"copy" text NOT NULL,
	"key" "bytea" NOT NULL,
	CONSTRAINT "box_copy_key_round_id_copy_pk" PRIMARY KEY("round_id","copy")
);
--> statement-breakpoint
CREATE TABLE "by_hand" (
	"round_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"group_id" text NOT NULL,
	CONSTRAINT "by_hand_round_id_person_id_pk" PRIMARY KEY("round_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "comment_reader" (
	"round_id" text NOT NULL,
	"place" smallint NOT NULL,
	"person_id" uuid NOT NULL,
	"read_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"marks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"groups" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "comment_reader_round_id_place_pk" PRIMARY KEY("round_id","place"),
	CONSTRAINT "comment_reader_round_id_person_id_unique" UNIQUE("round_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "evaluated" (
	"round_id" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"leader_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "evaluated_round_id_unit_id_pk" PRIMARY KEY("round_id","unit_id")
);
--> statement-breakpoint
CREATE TABLE "joined" (
	"round_id" text NOT NULL,
	"group_id" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "joined_round_id_group_id_pk" PRIMARY KEY("round_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "live_rate" (
	"round_id" text NOT NULL,
	"node_id" text NOT NULL,
	"step" smallint NOT NULL,
	"on" date NOT NULL,
	CONSTRAINT "live_rate_round_id_node_id_pk" PRIMARY KEY("round_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "paper_enterer" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"round_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	"given_by" uuid,
	"taken_at" timestamp with time zone,
	"taken_by" uuid
);
--> statement-breakpoint
CREATE TABLE "proposed_release" (
	"round_id" text PRIMARY KEY NOT NULL,
	"bytes" text NOT NULL,
	"sha256" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"proposed_by" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "questionnaire_draft" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"based_on" uuid,
	"draft" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" uuid,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" uuid,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"became_id" uuid
);
--> statement-breakpoint
CREATE TABLE "succession" (
	"unit_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"on" date NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid,
	CONSTRAINT "succession_unit_id_from_id_pk" PRIMARY KEY("unit_id","from_id")
);
--> statement-breakpoint
CREATE TABLE "witness" (
	"round_id" text NOT NULL,
	"office" text NOT NULL,
	"person_id" uuid NOT NULL,
	"point" text,
	"made_at" timestamp with time zone,
	"lost_at" timestamp with time zone,
	CONSTRAINT "witness_round_id_office_pk" PRIMARY KEY("round_id","office"),
	CONSTRAINT "witness_round_id_person_id_unique" UNIQUE("round_id","person_id"),
	CONSTRAINT "witness_round_id_point_unique" UNIQUE("round_id","point")
);
--> statement-breakpoint
ALTER TABLE "remark" DROP CONSTRAINT "beside_one_thing";--> statement-breakpoint
ALTER TABLE "invitation" ADD COLUMN "mobile" text;--> statement-breakpoint
ALTER TABLE "meeting" ADD COLUMN "forgotten_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "remark" ADD COLUMN "round_id" text;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "choices" jsonb DEFAULT '{"share":null,"borrow":[],"without":[],"anyway":[]}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "counts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "reserve" smallint DEFAULT 10 NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "sms" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "help" jsonb DEFAULT '{"kinds":["relative","volunteer","other"],"decidedOn":null,"caseNumber":""}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "outcomes" jsonb;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "outside_body" text;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "holder_id" uuid;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "handed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "promise" text DEFAULT 'operator' NOT NULL;--> statement-breakpoint
ALTER TABLE "unit" ADD COLUMN "leader_since" date;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_round_id_unit_id_evaluated_round_id_unit_id_fk" FOREIGN KEY ("round_id","unit_id") REFERENCES "public"."evaluated"("round_id","unit_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "box_copy_key" ADD CONSTRAINT "box_copy_key_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "by_hand" ADD CONSTRAINT "by_hand_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "by_hand" ADD CONSTRAINT "by_hand_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comment_reader" ADD CONSTRAINT "comment_reader_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comment_reader" ADD CONSTRAINT "comment_reader_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_leader_id_person_id_fk" FOREIGN KEY ("leader_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "joined" ADD CONSTRAINT "joined_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "live_rate" ADD CONSTRAINT "live_rate_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_given_by_person_id_fk" FOREIGN KEY ("given_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_taken_by_person_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_release" ADD CONSTRAINT "proposed_release_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_release" ADD CONSTRAINT "proposed_release_proposed_by_person_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questionnaire_draft" ADD CONSTRAINT "questionnaire_draft_based_on_questionnaire_id_fk" FOREIGN KEY ("based_on") REFERENCES "public"."questionnaire"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questionnaire_draft" ADD CONSTRAINT "questionnaire_draft_started_by_person_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questionnaire_draft" ADD CONSTRAINT "questionnaire_draft_changed_by_person_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questionnaire_draft" ADD CONSTRAINT "questionnaire_draft_closed_by_person_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questionnaire_draft" ADD CONSTRAINT "questionnaire_draft_became_id_questionnaire_id_fk" FOREIGN KEY ("became_id") REFERENCES "public"."questionnaire"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "succession" ADD CONSTRAINT "succession_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "succession" ADD CONSTRAINT "succession_from_id_unit_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "succession" ADD CONSTRAINT "succession_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "witness" ADD CONSTRAINT "witness_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "witness" ADD CONSTRAINT "witness_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approval_round_id_index" ON "approval" USING btree ("round_id");--> statement-breakpoint
CREATE INDEX "comment_reader_person_id_index" ON "comment_reader" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "evaluated_leader_id_index" ON "evaluated" USING btree ("leader_id");--> statement-breakpoint
CREATE UNIQUE INDEX "paper_enterer_round_id_person_id_index" ON "paper_enterer" USING btree ("round_id","person_id") WHERE "paper_enterer"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "paper_enterer_person_id_index" ON "paper_enterer" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "questionnaire_draft_open" ON "questionnaire_draft" USING btree ("key") WHERE "questionnaire_draft"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "succession_from_id_index" ON "succession" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "witness_person_id_index" ON "witness" USING btree ("person_id");--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "remark_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round" ADD CONSTRAINT "round_holder_id_person_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "remark_round_id_index" ON "remark" USING btree ("round_id");--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "one_way" CHECK (num_nonnulls("invitation"."email", "invitation"."mobile") <= 1);--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "beside_one_thing" CHECK (num_nonnulls("remark"."plan_id", "remark"."meeting_id", "remark"."round_id") = 1);