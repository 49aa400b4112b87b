export { openKnowledgeFolder } from './knowledge-folder.ts'
