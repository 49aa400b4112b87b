import { createReplyStats, type DayStats, type ReplyStats, type StatisticsStore } from '@engineer-chat/chat/operations'
import type { Pool } from 'mysql2/promise'
import { executeRows, queryRow, queryRows, type TableRow, toIso, transaction } from '../core/index.ts'
import type { chatDays } from '../schema/index.ts'
import { countReplies } from './count-replies.ts'

/** This value in place of a model marks the row of the day itself, which also exists for a day without questions. */
const WHOLE_DAY = '*'
const DAY_MS = 86_400_000

export function createStatisticsStore(pool: Pool): StatisticsStore {
  return {
    async countDays(settle_days) {
      const days = await listOpenDays(pool, settle_days)
      for (const day of days) await storeDay(pool, await countDay(pool, day))
      return days.length
    },
    async listDays(from, to) {
      const rows = await executeRows<DayRow>(
        pool,
        'SELECT day, model, figures, updated_at FROM chat_days WHERE day BETWEEN ? AND ? ORDER BY day, model',
        [from, to],
      )
      return rows.filter(({ model }) => model === WHOLE_DAY).map((row) => toDayStats(row, rows))
    },
  }
}

type DayRow = Pick<TableRow<typeof chatDays>, 'day' | 'model' | 'figures' | 'updated_at'>

function toDayStats({ day, figures, updated_at }: DayRow, rows: DayRow[]): DayStats {
  return {
    day,
    counted_at: toIso(updated_at),
    calls: {}, // Days that an older version counted have no calls.
    ...parseJson<Pick<DayStats, 'sessions' | 'people'> & Partial<Pick<DayStats, 'calls'>>>(figures),
    models: rows
      .filter((row) => row.day === day && row.model !== WHOLE_DAY)
      .map((row) => ({
        model: row.model || null,
        figures: { ...createReplyStats(), ...parseJson<ReplyStats>(row.figures) },
      })),
  }
}

/** MariaDB returns JSON as text. */
const parseJson = <T>(figures: unknown): T => (typeof figures === 'string' ? JSON.parse(figures) : figures) as T

/** Days are counted in their order: no day after the last settled one is settled. */
async function listOpenDays(pool: Pool, settle_days: number): Promise<string[]> {
  const [settled] = await executeRows<{ next: string | null; today: string }>(
    pool,
    `SELECT MAX(day) + INTERVAL 1 DAY AS next, DATE(NOW()) AS today FROM chat_days
     WHERE model = ? AND updated_at >= day + INTERVAL ? DAY`,
    [WHOLE_DAY, settle_days + 1],
  )
  const [oldest] = await queryRows<{ day: string }>(
    pool,
    'SELECT DATE(created_at) AS day FROM messages ORDER BY id LIMIT 1',
  )
  const days: string[] = []
  const today = settled?.today ?? ''
  for (let day = settled?.next ?? oldest?.day ?? today; day <= today; day = addDay(day)) days.push(day)
  return days
}

const addDay = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)

async function countDay(pool: Pool, day: string): Promise<DayStats> {
  const clock = await queryRow<{ now: string }>(pool, 'SELECT NOW(3) AS now')
  return { day, counted_at: clock.now, ...(await countReplies(pool, day, addDay(day))) }
}

/** Workers may count the same day at once. The later count replaces the earlier one completely. */
async function storeDay(pool: Pool, { day, counted_at, sessions, people, models, calls }: DayStats): Promise<void> {
  await transaction(pool, async (tx) => {
    await tx.execute(
      "INSERT IGNORE INTO chat_days (day, model, figures, updated_at) VALUES (?, ?, '{}', '1970-01-01')",
      [day, WHOLE_DAY],
    )
    const [before] = await executeRows<Pick<TableRow<typeof chatDays>, 'updated_at'>>(
      tx,
      'SELECT updated_at FROM chat_days WHERE day = ? AND model = ? FOR UPDATE',
      [day, WHOLE_DAY],
    )
    if (before && before.updated_at > counted_at) return
    await tx.execute('DELETE FROM chat_days WHERE day = ?', [day])
    const rows = [
      [day, WHOLE_DAY, JSON.stringify({ sessions, people, calls }), counted_at],
      ...models.map(({ model, figures }) => [day, model ?? '', JSON.stringify(figures), counted_at]),
    ]
    await tx.query('INSERT INTO chat_days (day, model, figures, updated_at) VALUES ?', [rows])
  })
}
