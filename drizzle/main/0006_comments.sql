CREATE TABLE "comment_reader" (
	"round_id" text NOT NULL,
	"place" smallint NOT NULL,
	"person_id" uuid NOT NULL,
	"read_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"marks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "comment_reader_round_id_place_pk" PRIMARY KEY("round_id","place"),
	CONSTRAINT "comment_reader_round_id_person_id_unique" UNIQUE("round_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "comment_reader" ADD CONSTRAINT "comment_reader_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comment_reader" ADD CONSTRAINT "comment_reader_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "comment_reader_person_id_index" ON "comment_reader" USING btree ("person_id");