export { createLabelStore } from './label-store.ts'
export { createQuestionReader, findReplyContext } from './reply-context.ts'
export { createSourceStore } from './source-store.ts'
