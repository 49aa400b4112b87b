CREATE TABLE IF NOT EXISTS `postponed_replies` (
	`message_id` varchar(255) NOT NULL,
	`model_id` varchar(128) NOT NULL,
	`user_id` varchar(64) NOT NULL,
	`accepted_at` datetime(3) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`message_id`, `model_id`),
	KEY `idx_model` (`model_id`, `accepted_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
