ALTER TABLE "round" ADD COLUMN "holder_id" uuid;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "handed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "round" ADD CONSTRAINT "round_holder_id_person_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;