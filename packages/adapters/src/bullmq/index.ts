export { readQueueStats } from './queue-stats.ts'
export { openReplyBoard } from './reply-board.ts'
export { openReplyQueue, type QueueHints } from './reply-queue.ts'
export { type ReplyWorker, type ReplyWorkerOptions, startReplyWorker } from './reply-worker.ts'
