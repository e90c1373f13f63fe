CREATE TABLE "roll_check" (
	"round_id" text NOT NULL,
	"group_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"doubt" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "roll_check_round_id_group_id_person_id_pk" PRIMARY KEY("round_id","group_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "roll_check" ADD CONSTRAINT "roll_check_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roll_check" ADD CONSTRAINT "roll_check_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;