export { createQuestionReader, findReplyContext } from './reply-context.ts'
export { createSourceStore } from './source-store.ts'
