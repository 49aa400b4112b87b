import t from 'tap'
import {
  type MonthArchive,
  type MonthState,
  type MonthTables,
  PartitionsNotAllowedError,
  rotateMonths,
} from '../../src/operations/index.ts'
import { listMissingMonths, listOldMonths } from '../../src/operations/months.ts'

t.test('[DATA6] a month is old when its last day is, so that no row is removed before it has its age', async (t) => {
  const months = ['2025-10', '2025-11', '2025-12', '2026-11', '2026-12']
  t.same(listOldMonths(months, 365, '2026-11-29'), ['2025-10'])
  t.same(listOldMonths(months, 365, '2026-11-30'), ['2025-10'])
  t.same(listOldMonths(months, 365, '2026-12-01'), ['2025-10', '2025-11'])
  t.same(listOldMonths(months, 1, '2026-12-01'), ['2025-10', '2025-11', '2025-12'])
  t.same(listOldMonths(months, 1, '2026-12-02'), ['2025-10', '2025-11', '2025-12', '2026-11'])
})

t.test('[DATA6] the next three months have a partition before they begin, also after workers were down', async (t) => {
  t.same(listMissingMonths(['2026-11', '2026-12', '2027-01', '2027-02'], '2026-11-29'), [])
  t.same(listMissingMonths(['2026-11', '2026-12', '2027-01', '2027-02'], '2026-12-01'), ['2027-03'])
  t.same(listMissingMonths(['2026-08'], '2026-11-01'), [
    '2026-09',
    '2026-10',
    '2026-11',
    '2026-12',
    '2027-01',
    '2027-02',
  ])
  t.same(listMissingMonths([], '2026-11-30'), ['2026-11', '2026-12', '2027-01', '2027-02'])
})

const STATE: MonthState = { months: ['2026-01', '2026-11'], isOverflowUsed: false, today: '2026-11-29' }
const AGES = { audit_log: 90, llm_calls: 90 }

/** Records what is done, in order. */
function setUp({ state, archive, tables }: SetUp = {}) {
  const done: string[] = []
  const note = (text: string) => void done.push(text)
  const own: MonthTables = {
    readState: async () => (state === undefined ? STATE : (state ?? undefined)),
    addMonths: async (table, months) => note(`add ${table} ${months.join()}`),
    readContent: async () => 'removable',
    async *listRows() {
      yield { id: 1 }
    },
    removeMonth: async (table, month) => note(`remove ${table} ${month}`),
    finishRemoval: async () => {},
    ...tables,
  }
  const log = {
    info() {},
    warn: (event: string) => note(event),
    error: (event: string) => note(event),
  }
  const months = {
    runAlone: async (work: (tables: MonthTables) => Promise<void>) => {
      await work(own)
      return true
    },
  }
  const ownArchive = archive && { keepMonth: archive(note) }
  return { done, rotate: (ages = AGES) => rotateMonths({ months, archive: ownArchive, log }, ages) }
}

interface SetUp {
  state?: MonthState | null
  archive?: (note: (text: string) => void) => MonthArchive['keepMonth']
  tables?: Partial<MonthTables>
}

t.test('[DATA6] months are added ahead, old ones are removed, and none where the age is 0', async (t) => {
  const { done, rotate } = setUp()
  t.same(await rotate({ audit_log: 90, llm_calls: 0 }), [])
  t.same(done, [
    ...['add audit_log 2026-12,2027-01,2027-02', 'remove audit_log 2026-01'],
    'add llm_calls 2026-12,2027-01,2027-02',
  ])
})

t.test('[DATA6] a table that is not stored by month is deleted from row by row', async (t) => {
  const { done, rotate } = setUp({ state: null })
  t.same(await rotate(), ['audit_log', 'llm_calls'])
  t.same(done, [])
})

t.test('[DATA6] an account that may not change partitions deletes row by row, and this is logged', async (t) => {
  const refuse = () => Promise.reject(new PartitionsNotAllowedError(new Error('1142')))
  const { done, rotate } = setUp({ tables: { addMonths: refuse } })
  t.same(await rotate(), ['audit_log', 'llm_calls'])
  t.same(done, ['EngineerChat.partitions_not_allowed', 'EngineerChat.partitions_not_allowed'])
})

t.test('[DATA6] a worker does not divide an overflow partition that has rows, and logs it', async (t) => {
  const { done, rotate } = setUp({ state: { ...STATE, isOverflowUsed: true } })
  t.same(await rotate({ audit_log: 90, llm_calls: 0 }), [])
  t.same(done, [...['EngineerChat.partitions_missing', 'remove audit_log 2026-01'], 'EngineerChat.partitions_missing'])
})

t.test('[DATA7] a month whose rows are all under a legal hold is kept', async (t) => {
  const { done, rotate } = setUp({ tables: { readContent: async () => 'held', addMonths: async () => {} } })
  await rotate()
  t.same(done, [])
})

t.test('[DATA7] a removal that was cut short is finished, also where nothing is to be removed', async (t) => {
  const finished: string[] = []
  const { rotate } = setUp({
    tables: { readContent: async () => 'held', finishRemoval: async (table) => void finished.push(table) },
  })
  await rotate({ audit_log: 90, llm_calls: 0 })
  t.same(finished, ['audit_log', 'llm_calls'])
})

t.test('[DATA8] a month is in the archive before it is removed, and stays if it cannot be archived', async (t) => {
  const keep = setUp({
    tables: { addMonths: async () => {} },
    archive: (note) => async (table, month, rows) => {
      for await (const row of rows) note(`keep ${table} ${month} ${JSON.stringify(row)}`)
    },
  })
  await keep.rotate({ audit_log: 90, llm_calls: 0 })
  t.same(keep.done, ['keep audit_log 2026-01 {"id":1}', 'remove audit_log 2026-01'])

  const fail = setUp({
    tables: { addMonths: async () => {} },
    archive: () => () => Promise.reject(new Error('the disk is full')),
  })
  t.same(await fail.rotate(), [], 'and nothing is deleted row by row')
  t.same(fail.done, ['EngineerChat.partitions_failed', 'EngineerChat.partitions_failed'])
})

t.test('[DATA8] with an archive no row leaves a table that is not stored by month', async (t) => {
  const { done, rotate } = setUp({ state: null, archive: () => async () => {} })
  t.same(await rotate(), [])
  t.same(done, ['EngineerChat.archive_needs_partitions', 'EngineerChat.archive_needs_partitions'])
})
