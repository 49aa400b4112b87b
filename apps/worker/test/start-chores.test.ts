import { openMonthArchive } from '@engineer-chat/adapters/archive'
import { readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import type { MonthPartitions } from '@engineer-chat/chat/operations'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { startChores } from '../src/start-chores.ts'

t.test('[WORKER2] a stop while a month is archived is not logged as a failure', async (t) => {
  const config = readConfig(
    { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1', AUDIT_RETENTION_DAYS: '90' },
    WORKER_SECTIONS,
  )
  const firstRowRead = Promise.withResolvers<void>()
  const stopRequested = Promise.withResolvers<void>()
  const removedMonths: string[] = []
  const partitions: MonthPartitions = {
    readState: async () => ({ months: ['2026-01', '2026-11'], isOverflowUsed: false, today: '2026-11-29' }),
    addMonths: async () => {},
    readContent: async () => 'removable',
    async *listRows() {
      yield { id: 1 }
      firstRowRead.resolve()
      await stopRequested.promise
      yield { id: 2 }
    },
    removeMonth: async (_, month) => void removedMonths.push(month),
    finishRemoval: async () => {},
  }
  const months = {
    async runAlone(work: (partitions: MonthPartitions) => Promise<void>) {
      await work(partitions)
      return true
    },
  }
  const failures: unknown[] = []
  const chores = startChores({
    stores: { ...createMemoryStores(), months },
    config,
    log: { info() {}, warn() {}, error: (event, _fields, cause) => failures.push(event, cause) },
    archive: openMonthArchive(t.testdir(), 'an-installation'),
    countEndedSession() {},
    requeueDueReplies: async () => {},
    reportModelHealth: async () => {},
  })

  await firstRowRead.promise
  const stopped = chores.stop()
  stopRequested.resolve()
  await stopped

  t.same(failures, [])
  t.same(removedMonths, [])
})
