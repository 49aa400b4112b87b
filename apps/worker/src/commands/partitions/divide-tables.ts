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
    if (missingRows === 0) {
      if (!isAlreadyDivided) console.log(`${table}: moved, and compared row by row.`)
    } else if (options.shouldGiveUpMissingRows) {
      console.log(`${table}: moved. ${missingRows} rows of ${table}_old that were not in ${table} were given up.`)
    } else console.error(renderMissingRows(table, missingRows))
  }
}

const renderMissingRows = (table: string, missingRows: number): string =>
  [
    `${table}: ${missingRows} rows of ${table}_old are not in ${table}.`,
    `This number includes rows that were removed from ${table} after the two tables exchanged their names.`,
    'Compare the two tables, then run --divide --drop-old to give these rows up.',
  ].join(' ')

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
