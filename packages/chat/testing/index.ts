export { type Losable, type MemoryHints, memoryHints } from './memory/hints.ts'
export type { MemoryQueue } from './memory/hints-queue.ts'
export { finish, gate, type Script, type ScriptedLlm, type ScriptStep, scriptedLlm } from './memory/llm.ts'
export { type MemoryStores, memoryStores } from './memory/stores.ts'
