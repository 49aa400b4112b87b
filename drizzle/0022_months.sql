-- A table with rows is left as it is: dividing it here would lock it. `npm run partitions -- --divide` moves it while it is in use.
SET @months = CONCAT(
	'PARTITION p', DATE_FORMAT(UTC_DATE() + INTERVAL 0 MONTH, '%Y%m'), ' VALUES LESS THAN (''', DATE_FORMAT(UTC_DATE() + INTERVAL 1 MONTH, '%Y-%m-01'), '''), ',
	'PARTITION p', DATE_FORMAT(UTC_DATE() + INTERVAL 1 MONTH, '%Y%m'), ' VALUES LESS THAN (''', DATE_FORMAT(UTC_DATE() + INTERVAL 2 MONTH, '%Y-%m-01'), '''), ',
	'PARTITION p', DATE_FORMAT(UTC_DATE() + INTERVAL 2 MONTH, '%Y%m'), ' VALUES LESS THAN (''', DATE_FORMAT(UTC_DATE() + INTERVAL 3 MONTH, '%Y-%m-01'), '''), ',
	'PARTITION p', DATE_FORMAT(UTC_DATE() + INTERVAL 3 MONTH, '%Y%m'), ' VALUES LESS THAN (''', DATE_FORMAT(UTC_DATE() + INTERVAL 4 MONTH, '%Y-%m-01'), '''), ',
	'PARTITION pmax VALUES LESS THAN (MAXVALUE)');
--> statement-breakpoint
SET @divide_audit_log = IF((SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = 'audit_log' AND partition_name IS NOT NULL) = 0
	AND NOT EXISTS (SELECT 1 FROM `audit_log`),
	CONCAT('ALTER TABLE `audit_log` DROP PRIMARY KEY, ADD PRIMARY KEY (`id`, `created_at`) PARTITION BY RANGE COLUMNS (`created_at`) (', @months, ')'),
	'DO 0');
--> statement-breakpoint
PREPARE divide_audit_log FROM @divide_audit_log;
--> statement-breakpoint
EXECUTE divide_audit_log;
--> statement-breakpoint
DEALLOCATE PREPARE divide_audit_log;
--> statement-breakpoint
SET @divide_llm_calls = IF((SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = 'llm_calls' AND partition_name IS NOT NULL) = 0
	AND NOT EXISTS (SELECT 1 FROM `llm_calls`),
	CONCAT('ALTER TABLE `llm_calls` DROP PRIMARY KEY, ADD PRIMARY KEY (`id`, `created_at`) PARTITION BY RANGE COLUMNS (`created_at`) (', @months, ')'),
	'DO 0');
--> statement-breakpoint
PREPARE divide_llm_calls FROM @divide_llm_calls;
--> statement-breakpoint
EXECUTE divide_llm_calls;
--> statement-breakpoint
DEALLOCATE PREPARE divide_llm_calls;
