SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'text_scopes' AND column_name = 'event_version') = 0,
	'ALTER TABLE `text_scopes` ADD COLUMN `event_version` varchar(64)',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
