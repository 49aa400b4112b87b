CREATE TABLE IF NOT EXISTS `audit_log` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`action` varchar(32) NOT NULL,
	`actor` varchar(64),
	`address` varchar(45),
	`object_type` varchar(16) NOT NULL,
	`object_id` varchar(255),
	`event_id` varchar(64),
	`detail` varchar(255),
	`request_id` varchar(64),
	PRIMARY KEY (`id`),
	KEY `idx_created` (`created_at`),
	KEY `idx_actor` (`actor`, `id`),
	KEY `idx_event` (`event_id`, `id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `chat_days` (
	`day` date NOT NULL,
	`model` varchar(128) NOT NULL,
	`figures` json NOT NULL,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`day`, `model`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `legal_holds` (
	`event_id` varchar(64) NOT NULL,
	`held_by` varchar(64),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
