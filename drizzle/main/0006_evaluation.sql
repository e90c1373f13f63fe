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
CREATE TABLE "evaluated" (
	"round_id" text NOT NULL,
	"unit_id" uuid NOT NULL,
	"leader_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "evaluated_round_id_unit_id_pk" PRIMARY KEY("round_id","unit_id")
);
--> statement-breakpoint
ALTER TABLE "unit" ADD COLUMN "leader_since" date;--> statement-breakpoint
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_round_id_unit_id_evaluated_round_id_unit_id_fk" FOREIGN KEY ("round_id","unit_id") REFERENCES "public"."evaluated"("round_id","unit_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_unit_id_unit_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."unit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluated" ADD CONSTRAINT "evaluated_leader_id_person_id_fk" FOREIGN KEY ("leader_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "evaluated_leader_id_index" ON "evaluated" USING btree ("leader_id");