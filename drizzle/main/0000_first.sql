CREATE TABLE "demo_closing_key" (
	"round_id" text PRIMARY KEY NOT NULL,
	"key_file" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dispatch" (
	"invitation_id" uuid NOT NULL,
	"occasion" smallint NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "dispatch_invitation_id_occasion_pk" PRIMARY KEY("invitation_id","occasion")
);
--> statement-breakpoint
CREATE TABLE "house" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"demo" boolean NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "one_row" CHECK ("house"."one")
);
--> statement-breakpoint
CREATE TABLE "imported" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"content" jsonb NOT NULL,
	"previewed_at" timestamp with time zone NOT NULL,
	"previewed_by" uuid,
	"confirmed_at" timestamp with time zone,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "invitation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"round_id" text NOT NULL,
	"person_id" uuid,
	"group_id" text NOT NULL,
	"draft_key" "bytea" NOT NULL,
	CONSTRAINT "invitation_round_id_person_id_unique" UNIQUE("round_id","person_id"),
	CONSTRAINT "invitation_id_round_id_group_id_unique" UNIQUE("id","round_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "invitation_link" (
	"secret_hash" "bytea" PRIMARY KEY NOT NULL,
	"invitation_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "issued" (
	"invitation_id" uuid PRIMARY KEY NOT NULL,
	"round_id" text NOT NULL,
	"group_id" text NOT NULL,
	"blinded_hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "password" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"employee_number" text,
	"name" text NOT NULL,
	"email" text,
	"mobile" text,
	"left_on" date,
	CONSTRAINT "person_employee_number_unique" UNIQUE("employee_number")
);
--> statement-breakpoint
CREATE TABLE "position" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"title" text,
	"kind" text,
	"share" integer DEFAULT 100 NOT NULL,
	"main" boolean DEFAULT true NOT NULL,
	"on_leave" boolean DEFAULT false NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "position_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "questionnaire" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"content" jsonb NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "questionnaire_key_version_unique" UNIQUE("key","version")
);
--> statement-breakpoint
CREATE TABLE "release" (
	"round_id" text PRIMARY KEY NOT NULL,
	"content" jsonb NOT NULL,
	"bytes" text NOT NULL,
	"sha256" text NOT NULL,
	"receipts" text NOT NULL,
	"released_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" uuid,
	"withdrawn_reason" text
);
--> statement-breakpoint
CREATE TABLE "role" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"unit_id" uuid,
	"given_at" timestamp with time zone NOT NULL,
	"given_by" uuid,
	CONSTRAINT "role_person_id_role_unit_id_unique" UNIQUE NULLS NOT DISTINCT("person_id","role","unit_id")
);
--> statement-breakpoint
CREATE TABLE "round" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"questionnaire_id" uuid NOT NULL,
	"unit_ids" jsonb NOT NULL,
	"dry_run" boolean DEFAULT false NOT NULL,
	"demo" boolean DEFAULT false NOT NULL,
	"state" text NOT NULL,
	"opens_at" timestamp with time zone NOT NULL,
	"stops_at" timestamp with time zone NOT NULL,
	"reminders" jsonb NOT NULL,
	"rule" jsonb NOT NULL,
	"thresholds" jsonb NOT NULL,
	"merges" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"tree" jsonb,
	"fingerprint" "bytea"
);
--> statement-breakpoint
CREATE TABLE "round_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"round_id" text NOT NULL,
	"event" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_id" uuid,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "round_file" (
	"round_id" text NOT NULL,
	"path" text NOT NULL,
	"content_type" text NOT NULL,
	"csp" text,
	"bytes" "bytea" NOT NULL,
	"brotli" "bytea" NOT NULL,
	CONSTRAINT "round_file_round_id_path_pk" PRIMARY KEY("round_id","path")
);
--> statement-breakpoint
CREATE TABLE "round_name" (
	"round_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"added" boolean NOT NULL,
	CONSTRAINT "round_name_round_id_person_id_pk" PRIMARY KEY("round_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"person_id" uuid NOT NULL,
	"last_verified_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_link" (
	"secret_hash" "bytea" PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"round_id" text NOT NULL,
	"group_id" text NOT NULL,
	"private_key" "bytea" NOT NULL,
	CONSTRAINT "signing_key_round_id_group_id_pk" PRIMARY KEY("round_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "unit" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"short_name" text,
	"level" text,
	"parent_id" uuid,
	"leader_id" uuid,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "unit_code_unique" UNIQUE("code")
);
--> statement-breakpoint
ALTER TABLE "demo_closing_key" ADD CONSTRAINT "demo_closing_key_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispatch" ADD CONSTRAINT "dispatch_invitation_id_invitation_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "public"."invitation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imported" ADD CONSTRAINT "imported_previewed_by_person_id_fk" FOREIGN KEY ("previewed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation_link" ADD CONSTRAINT "invitation_link_invitation_id_invitation_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "public"."invitation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issued" ADD CONSTRAINT "issued_invitation_id_round_id_group_id_invitation_id_round_id_group_id_fk" FOREIGN KEY ("invitation_id","round_id","group_id") REFERENCES "public"."invitation"("id","round_id","group_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password" ADD CONSTRAINT "password_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "position" ADD CONSTRAINT "position_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "position" ADD CONSTRAINT "position_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release" ADD CONSTRAINT "release_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release" ADD CONSTRAINT "release_withdrawn_by_person_id_fk" FOREIGN KEY ("withdrawn_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role" ADD CONSTRAINT "role_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role" ADD CONSTRAINT "role_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role" ADD CONSTRAINT "role_given_by_person_id_fk" FOREIGN KEY ("given_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round" ADD CONSTRAINT "round_questionnaire_id_questionnaire_id_fk" FOREIGN KEY ("questionnaire_id") REFERENCES "public"."questionnaire"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round_event" ADD CONSTRAINT "round_event_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round_event" ADD CONSTRAINT "round_event_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round_file" ADD CONSTRAINT "round_file_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round_name" ADD CONSTRAINT "round_name_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "round_name" ADD CONSTRAINT "round_name_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_link" ADD CONSTRAINT "sign_in_link_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_key" ADD CONSTRAINT "signing_key_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit" ADD CONSTRAINT "unit_parent_id_unit_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit" ADD CONSTRAINT "unit_leader_id_person_id_fk" FOREIGN KEY ("leader_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invitation_round_id_group_id_index" ON "invitation" USING btree ("round_id","group_id");--> statement-breakpoint
CREATE INDEX "invitation_link_invitation_id_index" ON "invitation_link" USING btree ("invitation_id");--> statement-breakpoint
CREATE INDEX "issued_round_id_group_id_index" ON "issued" USING btree ("round_id","group_id");--> statement-breakpoint
CREATE INDEX "position_person_id_index" ON "position" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "position_unit_id_index" ON "position" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "round_event_round_id_index" ON "round_event" USING btree ("round_id");--> statement-breakpoint
CREATE INDEX "session_person_id_index" ON "session" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "unit_parent_id_index" ON "unit" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "unit_leader_id_index" ON "unit" USING btree ("leader_id");