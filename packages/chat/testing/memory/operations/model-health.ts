import type { ModelHealthStore, ModelReport } from '../../../src/operations/model-health.ts'
import type { MemoryData } from '../memory-data.ts'

const DAY_MS = 86_400_000
const LIVE_MS = 45_000

export function createMemoryModelHealth(data: MemoryData): ModelHealthStore {
  const reported = new Map<string, { report: ModelReport; atMs: number }>()
  return {
    async report(worker_id, reports) {
      for (const report of reports) reported.set(`${worker_id} ${report.model_id}`, { report, atMs: data.now() })
      for (const [key, { atMs }] of reported) if (atMs < data.now() - DAY_MS) reported.delete(key)
    },
    list: async () =>
      [...reported.values()].map(({ report, atMs }) => ({ ...report, is_live: atMs > data.now() - LIVE_MS })),
  }
}
