SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'events' AND column_name = 'tlp') = 0,
	'ALTER TABLE `events` ADD COLUMN `tlp` varchar(16) DEFAULT ''amber'' NOT NULL',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
