CREATE TABLE "by_hand" (
	"round_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"group_id" text NOT NULL,
	CONSTRAINT "by_hand_round_id_person_id_pk" PRIMARY KEY("round_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "counts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "reserve" smallint DEFAULT 10 NOT NULL;--> statement-breakpoint
ALTER TABLE "by_hand" ADD CONSTRAINT "by_hand_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "by_hand" ADD CONSTRAINT "by_hand_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;