SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'sign_ins' AND column_name = 'network_hash') = 0,
	'ALTER TABLE `sign_ins` ADD COLUMN `network_hash` varchar(64), ADD INDEX `idx_network` (`network_hash`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
