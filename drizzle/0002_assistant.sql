CREATE TABLE IF NOT EXISTS `event_changes` (
	`event_id` varchar(64) NOT NULL,
	`seq` bigint unsigned NOT NULL,
	`changed` json NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`, `seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `flagged_replies` (
	`message_id` varchar(255) NOT NULL,
	`attempt` int NOT NULL,
	`hits` json NOT NULL,
	`verdict` varchar(16),
	`note` varchar(2000),
	`reviewed_by` varchar(64),
	`reviewed_at` datetime(3),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`message_id`),
	KEY `idx_created` (`created_at`, `message_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'chat_sessions' AND column_name = 'carried_over') = 0,
	'ALTER TABLE `chat_sessions` ADD COLUMN `carried_over` mediumtext',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'read_marks' AND column_name = 'visit_position') = 0,
	'ALTER TABLE `read_marks` ADD COLUMN `visit_position` bigint unsigned NOT NULL DEFAULT 0',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
