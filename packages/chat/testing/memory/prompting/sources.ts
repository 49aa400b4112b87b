import type { SourceStore } from '../../../src/prompting/sources/source-store.ts'
import type { MemoryData } from '../memory-data.ts'
import { findCurrentContext } from './reply-context.ts'

export const createMemorySources = (data: MemoryData): SourceStore => ({
  findContext: async (asked, contextLimits) => findCurrentContext(data, asked, contextLimits),
})
