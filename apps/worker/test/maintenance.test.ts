import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { runMaintenance } from '../src/maintenance.ts'
import type { RetentionSettings } from '../src/remove-old-rows.ts'

const createSettings = (retention: Partial<RetentionSettings['retention']>): RetentionSettings => ({
  sessions: { idleHours: 0 },
  retention: { chatDays: 0, recordDays: 0, auditDays: 0, spendDays: 31, ...retention },
})

const log = { info() {}, warn() {}, error() {} }

/**
 * Creates stores that record calls as steps. `recount N` counts days, and counts those again that ended less than N
 * days ago. `remove N` removes chats that are older than N days.
 */
function createRecordingStores() {
  const { retention, statistics, months } = createMemoryStores()
  const steps: string[] = []
  return {
    log,
    months,
    steps,
    statistics: {
      ...statistics,
      updateDayStats: async (settleDays: number) => steps.push(`recount ${settleDays}`),
    },
    retention: {
      ...retention,
      removeChats: async (olderThanDays: number) => {
        steps.push(`remove ${olderThanDays}`)
        return 0
      },
    },
  }
}

t.test('[STATS2] a run counts days before it removes chats, and recounts no day whose chats it removes', async (t) => {
  const stores = createRecordingStores()
  for (const chatDays of [0, 1, 2, 3, 4, 365]) await runMaintenance(stores, createSettings({ chatDays }))
  t.same(stores.steps, [
    'recount 2', // With 0 days, chats are not removed.
    ...['recount 0', 'remove 1', 'recount 0', 'remove 2', 'recount 1', 'remove 3', 'recount 2', 'remove 4'],
    ...['recount 2', 'remove 365'],
  ])
})

t.test('[STATS2] a run recounts no day whose calls to models may be removed', async (t) => {
  const stores = createRecordingStores()
  for (const recordDays of [1, 3, 90]) {
    await runMaintenance(stores, createSettings({ recordDays }))
  }
  t.same(stores.steps, ['recount 0', 'recount 1', 'recount 2'])
})

t.test('[DATA2] old rows are removed even if counting the statistics fails', async (t) => {
  const stores = createRecordingStores()
  stores.statistics.updateDayStats = async () => {
    throw new Error('the connection is gone')
  }
  await t.rejects(runMaintenance(stores, createSettings({ chatDays: 30 })), /gone/)
  t.same(stores.steps, ['remove 30'])
})

t.test('[METRIC7] the questions of each session that is closed are counted', async (t) => {
  const { retention, ...stores } = createRecordingStores()
  // The first batch is full, so a second one follows. Each number is the count of questions of one session.
  const batches = [Array.from({ length: 500 }, () => 2), [7]]
  retention.closeIdleSessions = async () => batches.shift() ?? []
  const questionCounts: number[] = []

  await runMaintenance({ ...stores, retention }, { ...createSettings({}), sessions: { idleHours: 1 } }, (questions) =>
    questionCounts.push(questions),
  )

  t.same([questionCounts.length, questionCounts.at(-1)], [501, 7])
})

t.test('[SPEND11] the spend of a day is kept for the configured number of days', async (t) => {
  const stores = createRecordingStores()
  const spendAges: number[] = []
  stores.retention.removeSpend = async (days) => spendAges.push(days)
  await runMaintenance(stores, createSettings({ spendDays: 7 }))
  t.same(spendAges, [7])
})

t.test(
  '[DATA5] each kind of record is removed at its configured age, in batches, and never if the age is 0',
  async (t) => {
    const { retention, ...stores } = createRecordingStores()
    const batches: Array<[number, number]> = []
    const recordingRetention = {
      ...retention,
      async removeRecords(days: number, limit: number) {
        batches.push([days, limit])
        return batches.length < 3 ? limit : limit - 1 // The third batch is not full, so it is the last one.
      },
    }
    await runMaintenance({ ...stores, retention: recordingRetention }, createSettings({}))
    t.same(batches, [])
    await runMaintenance({ ...stores, retention: recordingRetention }, createSettings({ recordDays: 90 }))
    t.same(batches, [
      [90, 500],
      [90, 500],
      [90, 500],
    ])
  },
)

t.test(
  '[DATA6] rows of a table without months are deleted one by one, but not while another process changes the months',
  async (t) => {
    const { retention, ...stores } = createRecordingStores()
    const deleted: string[] = []
    // The tables of the memory stores are not stored by month.
    const ctx = {
      ...stores,
      retention: {
        ...retention,
        removeAudit: async (days: number) => deleted.push(`audit ${days}`),
        removeCalls: async (days: number) => deleted.push(`calls ${days}`),
      },
    }
    const settings = createSettings({ recordDays: 90, auditDays: 365 })

    await runMaintenance(ctx, settings)
    const monthsOfAnother = { runAlone: async () => false } // Another process is changing the months.
    await runMaintenance({ ...ctx, months: monthsOfAnother }, settings)

    t.same(deleted, ['calls 90', 'audit 365'], 'the second run deletes nothing')
  },
)

t.test('[DATA5] a stop ends the removal after the current batch, without a failure', async (t) => {
  const { retention, ...stores } = createRecordingStores()
  const stopping = new AbortController()
  const removals: string[] = []
  // Each batch is full, so more rows are left.
  const recordBatch = (kind: string) => async (_: number, limit: number) => {
    removals.push(kind)
    if (removals.length === 3) stopping.abort()
    return limit
  }
  const fullRetention = {
    ...retention,
    removeSpend: async () => 0,
    removeChats: recordBatch('chats'),
    removeRecords: recordBatch('records'),
    removeCalls: recordBatch('calls'),
    removeAudit: recordBatch('audit'),
  }
  const settings = createSettings({ chatDays: 30, recordDays: 90, auditDays: 365 })

  await runMaintenance({ ...stores, retention: fullRetention }, settings, undefined, stopping.signal)

  t.same(removals, ['chats', 'chats', 'chats'])
})

t.test('[DATA5] a stop during the removal of the last kind of rows ends it, too', async (t) => {
  const { retention, ...stores } = createRecordingStores()
  const stopping = new AbortController()
  const removals: string[] = []
  const ctx = {
    ...stores,
    retention: {
      ...retention,
      async removeCalls(_: number, limit: number) {
        removals.push('calls')
        stopping.abort()
        return limit
      },
      async removeAudit(_: number, limit: number) {
        removals.push('audit')
        return limit
      },
    },
  }

  await runMaintenance(ctx, createSettings({ recordDays: 90, auditDays: 365 }), undefined, stopping.signal)

  t.same(removals, ['calls'], 'the rows of tables without months are removed after the months')
})
