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
ALTER TABLE "remark" DROP CONSTRAINT "beside_one_thing";--> statement-breakpoint
ALTER TABLE "remark" ADD COLUMN "round_id" text;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "outside_body" text;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_by_id_person_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approval_round_id_index" ON "approval" USING btree ("round_id");--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "remark_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "remark_round_id_index" ON "remark" USING btree ("round_id");--> statement-breakpoint
ALTER TABLE "remark" ADD CONSTRAINT "beside_one_thing" CHECK (num_nonnulls("remark"."plan_id", "remark"."meeting_id", "remark"."round_id") = 1);