import { type DivideOptions, type DivideProgress, type Mysql, moveIntoMonths } from '@engineer-chat/adapters/mysql'

const PRINT_INTERVAL_MS = 5_000

/**
 * Moves the tables of the audit and of the calls to models into monthly partitions, and prints the progress. It may be
 * ended at any time, and the next run continues.
 */
export async function divideTables(mysql: Mysql, options: DivideOptions): Promise<void> {
  const results = await moveIntoMonths(mysql, { ...options, onProgress: createProgressPrinter() })
  if (!results) {
    console.error('A worker or another command is changing the monthly partitions. Try again in a minute.')
    return
  }
  for (const { table, isUnchanged, missing } of results) {
    if (missing > 0) {
      console.error(
        `${table}: ${missing} rows of ${table}_old are not in ${table}. This includes rows that were removed since the move renamed the old table. Compare them, then run --divide --drop-old.`,
      )
    } else if (!isUnchanged) console.log(`${table}: moved, and compared row by row.`)
  }
}

function createProgressPrinter(): (progress: DivideProgress) => void {
  let printedAtMs = 0
  let lastStep = ''
  // `done` and `total` are ids of rows: the rows up to `done` have been processed.
  return ({ table, step, done, total }) => {
    const nowMs = performance.now()
    const isDone = done >= total
    if (`${table} ${step}` === lastStep && nowMs - printedAtMs < PRINT_INTERVAL_MS && !isDone) return
    lastStep = `${table} ${step}`
    printedAtMs = nowMs
    console.log(`${table}: ${step}, ${Math.floor((done * 100) / total)} % (id ${done} of ${total})`)
  }
}
