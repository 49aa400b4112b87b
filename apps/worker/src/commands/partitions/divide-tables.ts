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
  for (const { table, isAlreadyDivided, missingRows } of results) {
    if (missingRows > 0) {
      console.error(
        `${table}: ${missingRows} rows of ${table}_old are not in ${table}. Rows that were removed from ${table} after it took the place of ${table}_old count, too. Compare them, then run --divide --drop-old.`,
      )
    } else if (!isAlreadyDivided) console.log(`${table}: moved, and compared row by row.`)
  }
}

function createProgressPrinter(): (progress: DivideProgress) => void {
  let printedAtMs = 0
  let lastStep = ''
  return ({ table, step, doneId, lastId }) => {
    const nowMs = performance.now()
    const isDone = doneId >= lastId
    if (`${table} ${step}` === lastStep && nowMs - printedAtMs < PRINT_INTERVAL_MS && !isDone) return
    lastStep = `${table} ${step}`
    printedAtMs = nowMs
    console.log(`${table}: ${step}, ${Math.floor((doneId * 100) / lastId)} % (id ${doneId} of ${lastId})`)
  }
}
