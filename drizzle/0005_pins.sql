CREATE TABLE IF NOT EXISTS `pins` (
	`event_id` varchar(64) NOT NULL,
	`position` bigint unsigned NOT NULL,
	PRIMARY KEY (`event_id`, `position`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
SET @add_columns = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'pinned_at') = 0,
	'ALTER TABLE `messages` ADD COLUMN `pinned_by` varchar(64), ADD COLUMN `pinned_at` datetime(3)',
	'DO 0');
--> statement-breakpoint
PREPARE add_columns FROM @add_columns;
--> statement-breakpoint
EXECUTE add_columns;
--> statement-breakpoint
DEALLOCATE PREPARE add_columns;
