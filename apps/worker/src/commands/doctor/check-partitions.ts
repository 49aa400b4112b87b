import type { MonthlyTableInfo } from '@engineer-chat/adapters/mysql'
import { isFullyDivided } from '../partitions/render-tables.ts'
import { type Finding, pass, warn } from './finding.ts'

const FIX = 'npm run partitions -- --divide moves them while they are in use (docs/upgrading.md).'

/** Returns a warning and no failure, because the product works with whole tables: retention deletes row by row. */
export function checkPartitions(tables: MonthlyTableInfo[]): Finding[] {
  if (tables.length === 0) return []
  const others = tables.filter((info) => !isFullyDivided(info))
  if (others.length === 0) return [pass('Months', 'the audit and the calls to models are stored by month')]
  return [warn('Months', `not stored by month as they should be: ${others.map(({ table }) => table).join(', ')}`, FIX)]
}
