CREATE TABLE IF NOT EXISTS `model_locks` (
	`model_id` varchar(128) NOT NULL,
	PRIMARY KEY (`model_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `model_slots` (
	`model_id` varchar(128) NOT NULL,
	`message_id` varchar(255) NOT NULL,
	`attempt` int NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`tokens` bigint NOT NULL DEFAULT 0,
	`taken_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`model_id`, `message_id`, `attempt`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
SET @add_columns = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'postponed_replies' AND column_name = 'ready_at') = 0,
	'ALTER TABLE `postponed_replies` ADD COLUMN `attempt` int DEFAULT 0 NOT NULL, ADD COLUMN `ready_at` datetime(3)',
	'DO 0');
--> statement-breakpoint
PREPARE add_columns FROM @add_columns;
--> statement-breakpoint
EXECUTE add_columns;
--> statement-breakpoint
DEALLOCATE PREPARE add_columns;
