CREATE TABLE "box_copy_key" (
	"round_id" text NOT NULL,
	"copy" text NOT NULL,
	"key" "bytea" NOT NULL,
	CONSTRAINT "box_copy_key_round_id_copy_pk" PRIMARY KEY("round_id","copy")
);
--> statement-breakpoint
ALTER TABLE "box_copy_key" ADD CONSTRAINT "box_copy_key_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;