CREATE TABLE IF NOT EXISTS `documents` (
	`document_id` varchar(64) NOT NULL,
	`access` varchar(16) NOT NULL,
	`event_id` varchar(64),
	`title` varchar(255) NOT NULL,
	`kind` varchar(16) NOT NULL,
	`language` varchar(16) NOT NULL,
	`tlp` varchar(16) NOT NULL,
	`content` mediumtext NOT NULL,
	`updated_by` varchar(64),
	`version` int NOT NULL DEFAULT 1,
	`origin_hash` varchar(64),
	`path` varchar(512),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`removed_at` datetime(3),
	PRIMARY KEY (`document_id`),
	UNIQUE KEY `uq_origin` (`origin_hash`),
	KEY `idx_updated` (`updated_at`, `document_id`),
	KEY `idx_event` (`event_id`, `updated_at`),
	KEY `idx_removed` (`removed_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `document_versions` (
	`document_id` varchar(64) NOT NULL,
	`version` int NOT NULL,
	`title` varchar(255) NOT NULL,
	`kind` varchar(16) NOT NULL,
	`language` varchar(16) NOT NULL,
	`tlp` varchar(16) NOT NULL,
	`content` mediumtext NOT NULL,
	`updated_by` varchar(64),
	`updated_at` datetime(3) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`document_id`, `version`),
	KEY `idx_created` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `document_pieces` (
	`document_id` varchar(64) NOT NULL,
	`piece` int NOT NULL,
	`headings` json NOT NULL,
	`anchor` varchar(255) NOT NULL,
	`text` text NOT NULL,
	`entry` int unsigned NOT NULL AUTO_INCREMENT,
	PRIMARY KEY (`document_id`, `piece`),
	UNIQUE KEY `uq_entry` (`entry`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `event_closings` (
	`event_id` varchar(64) NOT NULL,
	`seq` bigint unsigned NOT NULL,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
