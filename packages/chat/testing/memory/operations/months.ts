import type { MonthStore } from '../../../src/operations/month-store.ts'

/** No table is stored by month, as in a database of an older version. */
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
