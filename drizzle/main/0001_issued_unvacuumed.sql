-- Issued marks are rewritten and vacuumed by the shaker alone, so that nothing else leaves traces of their order.
ALTER TABLE "issued" SET (autovacuum_enabled = false);
--> statement-breakpoint
ALTER TABLE "issued" ALTER "invitation_id" SET STATISTICS 0, ALTER "round_id" SET STATISTICS 0, ALTER "group_id" SET STATISTICS 0, ALTER "blinded_hash" SET STATISTICS 0;
