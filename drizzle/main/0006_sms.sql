ALTER TABLE "invitation" ADD COLUMN "mobile" text;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "sms" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "one_way" CHECK (num_nonnulls("invitation"."email", "invitation"."mobile") <= 1);