export type { Harness, MakeHarness } from './contracts/harness.ts'
export { storesContract } from './contracts/stores.ts'
export { createRoomSources } from './create-room-sources.ts'
export { findGrowth, findSuperLinear, type HostileShape, type TextRule } from './linear.ts'
export { createMemoryHints, type LosableHint, type MemoryHints } from './memory/hints/memory-hints.ts'
export type { MemoryQueue } from './memory/hints/reply-queue.ts'
export {
  createFinish,
  createGate,
  createScriptedLlm,
  type Script,
  type ScriptedLlm,
  type ScriptStep,
} from './memory/llm/scripted-llm.ts'
export { createMemoryStores, type MemoryStores } from './memory/stores.ts'
export { createMemoryTracer, type MemorySpan, type MemoryTracer } from './memory/tracing.ts'
export { type PlantedSecret, plantSecret } from './planted-secrets.ts'
export { createSeededRandom, type SeededRandom } from './seeded-random.ts'
