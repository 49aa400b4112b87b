CREATE TABLE IF NOT EXISTS `text_entries` (
	`scope_id` int unsigned NOT NULL,
	`entry` int unsigned NOT NULL,
	`terms` blob NOT NULL,
	PRIMARY KEY (`scope_id`, `entry`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `text_postings` (
	`scope_id` int unsigned NOT NULL,
	`term` binary(8) NOT NULL,
	`block` int unsigned NOT NULL,
	`postings` varbinary(4096) NOT NULL,
	PRIMARY KEY (`scope_id`, `term`, `block`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `text_scopes` (
	`scope_id` int unsigned AUTO_INCREMENT NOT NULL,
	`kind` varchar(16) NOT NULL,
	`event_id` varchar(64) NOT NULL,
	`seq` bigint unsigned NOT NULL DEFAULT 0,
	`entries` int unsigned NOT NULL DEFAULT 0,
	`total_length` bigint unsigned NOT NULL DEFAULT 0,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`scope_id`),
	UNIQUE KEY `uq_scope` (`kind`, `event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
