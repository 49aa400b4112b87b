export { queueFigures } from './queue-stats.ts'
export { replyBoard } from './reply-board.ts'
export { type QueueHints, replyQueue } from './reply-queue.ts'
export { type ReplyWorker, type ReplyWorkerOptions, replyWorker } from './reply-worker.ts'
