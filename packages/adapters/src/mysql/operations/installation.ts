import { randomBytes } from 'node:crypto'
import { createId, type Installation } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { type Mysql, queryRows, toDatabase } from '../core/index.ts'
import { installations } from '../schema/index.ts'

const ONLY_ROW = 1
const KEY_BYTES = 32

/** Reads the installation of a migrated database. The first process that reads it creates it. */
export async function getInstallation({ pool }: Mysql): Promise<Installation> {
  const existing = await selectInstallation(pool)
  if (existing) return existing
  // Many processes may start at the same time: one of them writes the row, and all read it.
  await toDatabase(pool)
    .insert(installations)
    .ignore()
    .values({ one: ONLY_ROW, ...createInstallation() })
  const created = await selectInstallation(pool)
  if (!created) throw new Error('The row of the installation was written, but cannot be read.')
  return created
}

/** Returns undefined if the database is not migrated, or no process has used it yet. */
export const findInstallation = async ({ pool }: Mysql): Promise<Installation | undefined> =>
  (await hasTable(pool)) ? selectInstallation(pool) : undefined

/**
 * Gives a restored database a new id and a new key, because the database of the dump may still be in use. A dump of an
 * older version may lack the table. Then the first process after the migration writes the row.
 */
export async function renewInstallation({ pool }: Mysql): Promise<void> {
  if (!(await hasTable(pool))) return
  const renewed = createInstallation()
  await toDatabase(pool)
    .insert(installations)
    .values({ one: ONLY_ROW, ...renewed })
    .onDuplicateKeyUpdate({ set: renewed })
}

const createInstallation = (): Installation => ({
  installation_id: createId(),
  hint_key: randomBytes(KEY_BYTES).toString('hex'),
})

async function selectInstallation(pool: Pool): Promise<Installation | undefined> {
  const { installation_id, hint_key } = installations
  const [row] = await toDatabase(pool).select({ installation_id, hint_key }).from(installations)
  return row
}

async function hasTable(pool: Pool): Promise<boolean> {
  const tables = await queryRows<object>(pool, "SHOW TABLES LIKE 'installation'")
  return tables.length > 0
}
