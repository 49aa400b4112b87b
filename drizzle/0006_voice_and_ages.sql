CREATE TABLE IF NOT EXISTS `voice_calls` (
	`call_id` varchar(64) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`event_id` varchar(64),
	`kind` varchar(16) NOT NULL,
	`model` varchar(128) NOT NULL,
	`outcome` varchar(16) NOT NULL,
	`size` int NOT NULL,
	`total_ms` int NOT NULL,
	`cost_micros` bigint,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`call_id`),
	INDEX `idx_created` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
SET @add_index = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'event_changes' AND index_name = 'idx_created') = 0,
	'CREATE INDEX `idx_created` ON `event_changes` (`created_at`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_index FROM @add_index;
--> statement-breakpoint
EXECUTE add_index;
--> statement-breakpoint
DEALLOCATE PREPARE add_index;
--> statement-breakpoint
SET @add_index = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'reply_versions' AND index_name = 'idx_created') = 0,
	'CREATE INDEX `idx_created` ON `reply_versions` (`created_at`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_index FROM @add_index;
--> statement-breakpoint
EXECUTE add_index;
--> statement-breakpoint
DEALLOCATE PREPARE add_index;
