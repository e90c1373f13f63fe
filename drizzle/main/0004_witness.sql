CREATE TABLE "proposed_release" (
	"round_id" text PRIMARY KEY NOT NULL,
	"bytes" text NOT NULL,
	"sha256" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"proposed_by" uuid NOT NULL
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
ALTER TABLE "round" ADD COLUMN "promise" text DEFAULT 'operator' NOT NULL;--> statement-breakpoint
ALTER TABLE "proposed_release" ADD CONSTRAINT "proposed_release_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposed_release" ADD CONSTRAINT "proposed_release_proposed_by_person_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "witness" ADD CONSTRAINT "witness_round_id_round_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."round"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "witness" ADD CONSTRAINT "witness_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "witness_person_id_index" ON "witness" USING btree ("person_id");