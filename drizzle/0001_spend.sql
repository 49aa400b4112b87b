CREATE TABLE IF NOT EXISTS `reservations` (
	`message_id` varchar(255) NOT NULL,
	`attempt` int NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`event_id` varchar(64) NOT NULL,
	`day` varchar(10) NOT NULL,
	`tokens` bigint NOT NULL DEFAULT 0,
	`micros` bigint NOT NULL DEFAULT 0,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`message_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `spend` (
	`scope` varchar(8) NOT NULL,
	`scope_id` varchar(64) NOT NULL,
	`period` varchar(10) NOT NULL,
	`tokens_spent` bigint NOT NULL DEFAULT 0,
	`tokens_held` bigint NOT NULL DEFAULT 0,
	`micros_spent` bigint NOT NULL DEFAULT 0,
	`micros_held` bigint NOT NULL DEFAULT 0,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`scope`, `scope_id`, `period`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
SET @add_columns = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'llm_calls' AND column_name = 'cost_micros') = 0,
	'ALTER TABLE `llm_calls` ADD COLUMN `cost_micros` bigint, ADD COLUMN `prompt_hash` varchar(64), ADD COLUMN `prompt` mediumtext',
	'DO 0');
--> statement-breakpoint
PREPARE add_columns FROM @add_columns;
--> statement-breakpoint
EXECUTE add_columns;
--> statement-breakpoint
DEALLOCATE PREPARE add_columns;
