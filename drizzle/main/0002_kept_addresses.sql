ALTER TABLE "house" ADD COLUMN "filled" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "invitation" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "round" ADD COLUMN "key_shown" boolean DEFAULT false NOT NULL;