export { replyContext } from './reply-context.ts'
export { mysqlMaterials } from './source-store.ts'
