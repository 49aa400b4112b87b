SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'mentions') = 0,
	'ALTER TABLE `messages` ADD COLUMN `mentions` json',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
--> statement-breakpoint
SET @add_columns = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'read_marks' AND column_name = 'seen_seq') = 0,
	'ALTER TABLE `read_marks` ADD COLUMN `seen_seq` bigint unsigned DEFAULT 0 NOT NULL, ADD COLUMN `muted` boolean DEFAULT false NOT NULL, ADD COLUMN `changed_at` datetime(3)',
	'DO 0');
--> statement-breakpoint
PREPARE add_columns FROM @add_columns;
--> statement-breakpoint
EXECUTE add_columns;
--> statement-breakpoint
DEALLOCATE PREPARE add_columns;
--> statement-breakpoint
SET @add_index = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'read_marks' AND index_name = 'idx_changed') = 0,
	'CREATE INDEX `idx_changed` ON `read_marks` (`changed_at`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_index FROM @add_index;
--> statement-breakpoint
EXECUTE add_index;
--> statement-breakpoint
DEALLOCATE PREPARE add_index;
--> statement-breakpoint
SET @add_index = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'events' AND index_name = 'idx_event_status') = 0,
	'CREATE INDEX `idx_event_status` ON `events` (`event_status`, `created_at`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_index FROM @add_index;
--> statement-breakpoint
EXECUTE add_index;
--> statement-breakpoint
DEALLOCATE PREPARE add_index;
