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
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_given_by_person_id_fk" FOREIGN KEY ("given_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "paper_enterer" ADD CONSTRAINT "paper_enterer_taken_by_person_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "paper_enterer_round_id_person_id_index" ON "paper_enterer" USING btree ("round_id","person_id") WHERE "paper_enterer"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "paper_enterer_person_id_index" ON "paper_enterer" USING btree ("person_id");