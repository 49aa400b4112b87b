import type { MonthStore } from '../../../src/operations/month-store.ts'

/** Stores nothing by month, as a database of an older version does. */
export const createMemoryMonths = (): MonthStore => ({
  async runAlone(work) {
    await work({
      readState: async () => undefined,
      addMonths: async () => {},
      readContent: async () => 'empty',
      async *listRows() {},
      removeMonth: async () => {},
      finishRemoval: async () => {},
    })
    return true
  },
})
