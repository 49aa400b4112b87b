CREATE TABLE IF NOT EXISTS `indicator_progress` (
	`event_id` varchar(64) NOT NULL,
	`seq` bigint unsigned NOT NULL DEFAULT 0,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `indicators` (
	`event_id` varchar(64) NOT NULL,
	`position` bigint unsigned NOT NULL,
	`value_hash` varchar(64) NOT NULL,
	`type` varchar(16) NOT NULL,
	`value` varchar(2048) NOT NULL,
	`host` varchar(255),
	`audience` varchar(64) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	PRIMARY KEY (`event_id`, `position`, `value_hash`),
	KEY `idx_room` (`event_id`, `type`, `value_hash`, `audience`, `created_at`),
	KEY `idx_value` (`value_hash`, `event_id`, `audience`),
	KEY `idx_host` (`host`),
	KEY `idx_text` (`value`(191))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
