import type { MonthlyTableInfo } from '@engineer-chat/adapters/mysql'
import { isFullyDivided } from '../partitions/render-tables.ts'
import { type Finding, pass, warn } from './finding.ts'

const FIX = 'npm run partitions -- --divide moves them while they are in use (docs/upgrading.md).'

/**
 * Checks that tables are stored by month. Returns a warning and no failure, because the product also works with a table
 * that is stored in one piece: retention then deletes single rows.
 */
export function checkPartitions(tables: MonthlyTableInfo[]): Finding[] {
  if (tables.length === 0) return []
  const undivided = tables.filter((info) => !isFullyDivided(info))
  if (undivided.length === 0) return [pass('Months', 'the audit and the calls to models are stored by month')]
  return [
    warn('Months', `not stored by month as they should be: ${undivided.map(({ table }) => table).join(', ')}`, FIX),
  ]
}
