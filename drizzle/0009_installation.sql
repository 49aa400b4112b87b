CREATE TABLE IF NOT EXISTS `installation` (
	`one` tinyint NOT NULL,
	`installation_id` varchar(64) NOT NULL,
	`hint_key` varchar(64) NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	CONSTRAINT `installation_one` PRIMARY KEY(`one`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
