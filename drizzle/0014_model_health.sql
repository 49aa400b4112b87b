CREATE TABLE IF NOT EXISTS `model_health` (
	`model_id` varchar(128) NOT NULL,
	`worker_id` varchar(64) NOT NULL,
	`breaker` varchar(16),
	`last_success_at` datetime(3),
	`last_failure_at` datetime(3),
	`last_failure_code` varchar(32),
	`updated_at` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
	PRIMARY KEY (`model_id`, `worker_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
