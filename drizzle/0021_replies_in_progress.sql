SET @widen_index = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'messages' AND index_name = 'idx_chat_session' AND column_name = 'due_at') = 0,
	'ALTER TABLE `messages` DROP INDEX `idx_chat_session`, ADD INDEX `idx_chat_session` (`chat_session_id`,`position`,`due_at`)',
	'DO 0');
--> statement-breakpoint
PREPARE widen_index FROM @widen_index;
--> statement-breakpoint
EXECUTE widen_index;
--> statement-breakpoint
DEALLOCATE PREPARE widen_index;
--> statement-breakpoint
SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'request_id') = 0,
	'ALTER TABLE `messages` ADD COLUMN `request_id` varchar(64)',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
