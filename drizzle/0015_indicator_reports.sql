SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'indicator_progress' AND column_name = 'report_seq') = 0,
	'ALTER TABLE `indicator_progress` ADD COLUMN `report_seq` bigint unsigned',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;