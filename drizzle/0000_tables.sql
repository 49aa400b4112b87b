CREATE TABLE IF NOT EXISTS `chat_sessions` (
	`session_id` varchar(64) NOT NULL,
	`event_id` varchar(64) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`visibility` varchar(16) NOT NULL DEFAULT 'private',
	`active_slot` tinyint,
	`rounds` int NOT NULL DEFAULT 0,
	`max_rounds` int NOT NULL,
	`summary_version` varchar(64),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`session_id`),
	UNIQUE KEY `uq_active` (`event_id`, `user_id`, `active_slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `event_members` (
	`event_id` varchar(64) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`role` varchar(16) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`, `user_id`),
	KEY `idx_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `events` (
	`event_id` varchar(64) NOT NULL,
	`event_name` varchar(255) NOT NULL,
	`message` mediumtext NOT NULL,
	`context` mediumtext NOT NULL,
	`severity` varchar(16) NOT NULL,
	`source` varchar(255) NOT NULL,
	`event_status` varchar(32) NOT NULL DEFAULT 'pending',
	`access` varchar(16) NOT NULL DEFAULT 'open',
	`seq` bigint unsigned NOT NULL DEFAULT 0,
	`summary_version` varchar(64),
	`created_by` varchar(64),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`),
	KEY `idx_created` (`created_at`, `event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `feedback` (
	`message_id` varchar(255) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`rating` varchar(8) NOT NULL,
	`comment` varchar(2000),
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`message_id`, `user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `llm_calls` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`message_id` varchar(255) NOT NULL,
	`attempt` int NOT NULL,
	`model` varchar(128) NOT NULL,
	`outcome` varchar(16) NOT NULL,
	`error_code` varchar(32),
	`prompt_tokens` int,
	`completion_tokens` int,
	`first_token_ms` int,
	`total_ms` int NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`id`),
	KEY `idx_message` (`message_id`),
	KEY `idx_created` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `messages` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`message_id` varchar(255) NOT NULL,
	`event_id` varchar(64) NOT NULL,
	`position` bigint unsigned NOT NULL,
	`seq` bigint unsigned NOT NULL,
	`audience` varchar(64) NOT NULL,
	`user_id` varchar(64),
	`message_from` varchar(64) NOT NULL,
	`message_type` varchar(64) NOT NULL,
	`message_category` varchar(32) NOT NULL DEFAULT 'agent',
	`sender_type` varchar(32),
	`chat_session_id` varchar(64),
	`reply_to` varchar(255),
	`round_id` int,
	`event_summary_version` varchar(64),
	`message_content` json NOT NULL,
	`client_message_id` varchar(128),
	`request_hash` varchar(64),
	`model` varchar(128),
	`attempt` int NOT NULL DEFAULT 0,
	`tries` int NOT NULL DEFAULT 0,
	`lease_until` datetime(3),
	`due_at` datetime(3),
	`cancel_requested` boolean NOT NULL DEFAULT false,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`, `position`),
	UNIQUE KEY `uq_id` (`id`),
	UNIQUE KEY `uq_message_id` (`message_id`),
	UNIQUE KEY `uq_event_seq` (`event_id`, `seq`),
	UNIQUE KEY `uq_reply_to` (`reply_to`),
	UNIQUE KEY `uq_client_message` (`user_id`, `client_message_id`),
	KEY `idx_page` (`event_id`, `audience`, `position`),
	KEY `idx_changes` (`event_id`, `audience`, `seq`),
	KEY `idx_due` (`due_at`),
	KEY `idx_message_category` (`message_category`, `event_id`, `position`),
	KEY `idx_chat_session` (`chat_session_id`, `position`),
	KEY `idx_sender_type` (`sender_type`, `message_type`, `event_id`, `position`),
	KEY `idx_event_summary` (`event_summary_version`, `event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `read_marks` (
	`event_id` varchar(64) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`position` bigint unsigned NOT NULL,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`event_id`, `user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `refresh_tokens` (
	`token_hash` varchar(64) NOT NULL,
	`sign_in_id` varchar(64) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`expires_at` datetime(3) NOT NULL,
	`used_at` datetime(3),
	PRIMARY KEY (`token_hash`),
	KEY `idx_sign_in` (`sign_in_id`),
	KEY `idx_expires` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `reply_versions` (
	`message_id` varchar(255) NOT NULL,
	`attempt` int NOT NULL,
	`message_type` varchar(64) NOT NULL,
	`message_content` json NOT NULL,
	`finished_at` datetime(3) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`message_id`, `attempt`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `sign_ins` (
	`sign_in_id` varchar(64) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`ended_at` datetime(3),
	PRIMARY KEY (`sign_in_id`),
	KEY `idx_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `summaries` (
	`id` bigint unsigned AUTO_INCREMENT NOT NULL,
	`event_id` varchar(64) NOT NULL,
	`version` varchar(64) NOT NULL,
	`round_id` int NOT NULL,
	`event_summary` mediumtext NOT NULL,
	`event_suggestion` mediumtext NOT NULL,
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`id`),
	UNIQUE KEY `uq_event_version` (`event_id`, `version`),
	KEY `idx_event` (`event_id`, `id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `users` (
	`user_id` varchar(64) NOT NULL,
	`username` varchar(64) NOT NULL,
	`password_hash` varchar(255) NOT NULL,
	`role` varchar(16) NOT NULL,
	`active` boolean NOT NULL DEFAULT true,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`user_id`),
	UNIQUE KEY `uq_username` (`username`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `ws_tickets` (
	`ticket_hash` varchar(64) NOT NULL,
	`holder` json NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	PRIMARY KEY (`ticket_hash`),
	KEY `idx_expires` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
