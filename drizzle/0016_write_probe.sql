CREATE TABLE IF NOT EXISTS `write_probe` (
	`row_id` tinyint NOT NULL,
	`written_at` datetime(3) NOT NULL,
	PRIMARY KEY (`row_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
