SET @add_column = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'document_pieces' AND column_name = 'indexed') = 0,
	'ALTER TABLE `document_pieces` ADD COLUMN `indexed` boolean NOT NULL DEFAULT false, ADD KEY `idx_indexed` (`indexed`, `entry`)',
	'DO 0');
--> statement-breakpoint
PREPARE add_column FROM @add_column;
--> statement-breakpoint
EXECUTE add_column;
--> statement-breakpoint
DEALLOCATE PREPARE add_column;
