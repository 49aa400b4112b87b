import t from 'tap'
import {
  type MonthArchive,
  type MonthPartitions,
  type PartitionState,
  PartitionsNotAllowedError,
  rotateMonths,
} from '../../src/operations/index.ts'
import { listMissingMonths, listOldMonths } from '../../src/operations/months.ts'

t.test('[DATA6] a month is old when its last day is old, so that no row is removed too early', async (t) => {
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

const STATE: PartitionState = { months: ['2026-01', '2026-11'], isOverflowUsed: false, today: '2026-11-29' }
const KEPT_DAYS = { audit_log: 90, llm_calls: 90 }

/** Creates a store that records its changes, and the warnings and errors of the log, in order in `records`. */
function setUp({ state = STATE, archive, partitions }: SetUp = {}) {
  const records: string[] = []
  const record = (text: string) => void records.push(text)
  const recordingPartitions: MonthPartitions = {
    readState: async () => state ?? undefined,
    addMonths: async (table, months) => record(`add ${table} ${months.join()}`),
    readContent: async () => 'removable',
    async *listRows() {
      yield { id: 1 }
    },
    removeMonth: async (table, month) => record(`remove ${table} ${month}`),
    finishRemoval: async () => {},
    ...partitions,
  }
  const log = {
    info() {},
    warn: (event: string) => record(event),
    error: (event: string) => record(event),
  }
  const months = {
    runAlone: async (work: (partitions: MonthPartitions) => Promise<void>) => {
      await work(recordingPartitions)
      return true
    },
  }
  const monthArchive = archive && { archiveMonth: archive(record) }
  const rotate = (keptDays = KEPT_DAYS, signal?: AbortSignal) =>
    rotateMonths({ months, archive: monthArchive, log }, keptDays, signal)
  return { records, rotate }
}

interface SetUp {
  /** Null means that the tables are not stored by month. */
  state?: PartitionState | null
  archive?: (record: (text: string) => void) => MonthArchive['archiveMonth']
  partitions?: Partial<MonthPartitions>
}

t.test(
  '[DATA6] coming months are added and old months removed; a table that is kept for 0 days loses none',
  async (t) => {
    const { records, rotate } = setUp()
    t.same(await rotate({ audit_log: 90, llm_calls: 0 }), [])
    t.same(records, [
      ...['add audit_log 2026-12,2027-01,2027-02', 'remove audit_log 2026-01'],
      'add llm_calls 2026-12,2027-01,2027-02',
    ])
  },
)

t.test('[DATA6] old rows of a table that is not stored by month have to be deleted row by row', async (t) => {
  const { records, rotate } = setUp({ state: null })
  t.same(await rotate(), ['audit_log', 'llm_calls'])
  t.same(records, [])
})

t.test(
  '[DATA6] if the account may not change partitions, old rows have to be deleted row by row, and this is logged',
  async (t) => {
    const refuse = () => Promise.reject(new PartitionsNotAllowedError(new Error('1142')))
    const { records, rotate } = setUp({ partitions: { addMonths: refuse } })
    t.same(await rotate(), ['audit_log', 'llm_calls'])
    t.same(records, ['EngineerChat.partitions_not_allowed', 'EngineerChat.partitions_not_allowed'])
  },
)

t.test('[DATA6] a worker does not divide an overflow partition that has rows, and logs it', async (t) => {
  const { records, rotate } = setUp({ state: { ...STATE, isOverflowUsed: true } })
  t.same(await rotate({ audit_log: 90, llm_calls: 0 }), [])
  t.same(records, [
    ...['EngineerChat.partitions_missing', 'remove audit_log 2026-01'],
    'EngineerChat.partitions_missing',
  ])
})

t.test('[DATA7] a month whose rows are all under a legal hold is kept', async (t) => {
  const { records, rotate } = setUp({ partitions: { readContent: async () => 'held', addMonths: async () => {} } })
  await rotate()
  t.same(records, [])
})

t.test('[DATA7] an interrupted removal is finished, even if no month is to be removed', async (t) => {
  const finished: string[] = []
  const { rotate } = setUp({
    partitions: { readContent: async () => 'held', finishRemoval: async (table) => void finished.push(table) },
  })
  await rotate({ audit_log: 90, llm_calls: 0 })
  t.same(finished, ['audit_log', 'llm_calls'])
})

t.test('[DATA8] a month is in the archive before it is removed, and stays if it cannot be archived', async (t) => {
  const withArchive = setUp({
    partitions: { addMonths: async () => {} },
    archive: (record) => async (table, month, rows) => {
      for await (const row of rows) record(`keep ${table} ${month} ${JSON.stringify(row)}`)
    },
  })
  await withArchive.rotate({ audit_log: 90, llm_calls: 0 })
  t.same(withArchive.records, ['keep audit_log 2026-01 {"id":1}', 'remove audit_log 2026-01'])

  const withFullDisk = setUp({
    partitions: { addMonths: async () => {} },
    archive: () => () => Promise.reject(new Error('the disk is full')),
  })
  t.same(await withFullDisk.rotate(), [], 'no row may be deleted row by row')
  t.same(withFullDisk.records, ['EngineerChat.partitions_failed', 'EngineerChat.partitions_failed'])
})

t.test('[DATA8] with an archive, a table that is not stored by month loses no row, and this is logged', async (t) => {
  const { records, rotate } = setUp({ state: null, archive: () => async () => {} })
  t.same(await rotate(), [])
  t.same(records, ['EngineerChat.archive_needs_partitions', 'EngineerChat.archive_needs_partitions'])
})

t.test('[DATA8] an archive needs no months of a table whose rows are kept forever', async (t) => {
  const { records, rotate } = setUp({ state: null, archive: () => async () => {} })
  t.same(await rotate({ audit_log: 0, llm_calls: 90 }), [])
  t.same(records, ['EngineerChat.archive_needs_partitions'], 'of the calls alone')
})

t.test('[DATA8] a stop while a month is archived ends the rotation with its reason, and the month stays', async (t) => {
  const stopping = new AbortController()
  const { records, rotate } = setUp({
    partitions: { addMonths: async () => {} },
    archive: () => async (_table, _month, rows) => {
      stopping.abort()
      for await (const _ of rows);
    },
  })
  await t.rejects(rotate(KEPT_DAYS, stopping.signal), stopping.signal.reason)
  t.same(records, [])
})

t.test('[DATA8] a month that cannot be archived during a stop is logged with its table, as at any time', async (t) => {
  const stopping = new AbortController()
  const { records, rotate } = setUp({
    partitions: { addMonths: async () => {} },
    archive: () => async () => {
      stopping.abort()
      throw new Error('the disk is full')
    },
  })
  await t.rejects(rotate(KEPT_DAYS, stopping.signal), stopping.signal.reason, 'the next table is not rotated')
  t.same(records, ['EngineerChat.partitions_failed'])
})
