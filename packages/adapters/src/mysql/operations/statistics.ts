import { countSessionEnds, createReplyStats, type DayStats, type StatisticsStore } from '@engineer-chat/chat/operations'
import { and, asc, between, eq, gte, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Database, queryRow, toDatabase, toIso, transaction } from '../core/index.ts'
import { chatDays, messages } from '../schema/index.ts'
import { countReplies } from './count-replies.ts'

/** This value in the column `model` marks the row of the day itself. A day without questions has this row, too. */
const WHOLE_DAY = '*'
const DAY_MS = 86_400_000
/** This time is before every count, so that the first count replaces the empty row. */
const NEVER = '1970-01-01T00:00:00.000Z'

export function createStatisticsStore(pool: Pool): StatisticsStore {
  const db = toDatabase(pool)
  return {
    async updateDayStats(settleDays) {
      const days = await listOpenDays(db, settleDays)
      for (const day of days) await storeDay(pool, await countDay(pool, day))
      return days.length
    },
    async listDays(from, to) {
      const rows = await db
        .select()
        .from(chatDays)
        .where(between(chatDays.day, from, to))
        .orderBy(asc(chatDays.day), asc(chatDays.model))
      return rows.filter(({ model }) => model === WHOLE_DAY).map((row) => toDayStats(row, rows))
    },
  }
}

type DayRow = typeof chatDays.$inferSelect

function toDayStats({ day, figures, updated_at }: DayRow, rows: DayRow[]): DayStats {
  return {
    day,
    counted_at: updated_at,
    sessions: figures.sessions ?? 0,
    people: figures.people ?? 0,
    session_ends: figures.session_ends ?? countSessionEnds([]),
    calls: figures.calls ?? {}, // Days that an older version counted have no calls.
    models: rows
      .filter((row) => row.day === day && row.model !== WHOLE_DAY)
      .map((row) => ({ model: row.model || null, stats: { ...createReplyStats(), ...row.figures } })),
  }
}

/** Lists the days after the last settled day, up to today. Days settle in their order, so none is left out. */
async function listOpenDays(db: Database, settleDays: number): Promise<string[]> {
  // A day is settled if it was counted at least `settleDays` after its end.
  const isSettled = gte(chatDays.updated_at, sql`${chatDays.day} + INTERVAL ${settleDays + 1} DAY`)
  const [lastSettled] = await db
    .select({
      next: sql<string | null>`MAX(${chatDays.day}) + INTERVAL 1 DAY`,
      today: sql<string>`DATE(NOW())`,
    })
    .from(chatDays)
    .where(and(eq(chatDays.model, WHOLE_DAY), isSettled))
  const [oldest] = await db
    .select({ day: sql<string>`DATE(${messages.created_at})` })
    .from(messages)
    .orderBy(asc(messages.id))
    .limit(1)
  const days: string[] = []
  const today = lastSettled?.today ?? ''
  for (let day = lastSettled?.next ?? oldest?.day ?? today; day <= today; day = addDay(day)) days.push(day)
  return days
}

const addDay = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)

async function countDay(pool: Pool, day: string): Promise<DayStats> {
  const clock = await queryRow<{ now: string }>(pool, 'SELECT NOW(3) AS now')
  return { day, counted_at: toIso(clock.now), ...(await countReplies(toDatabase(pool), day, addDay(day))) }
}

/** Workers may count the same day at the same time. The later count replaces the earlier one completely. */
const storeDay = (pool: Pool, { day, counted_at, models, ...figures }: DayStats): Promise<void> =>
  transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    await db.insert(chatDays).ignore().values({ day, model: WHOLE_DAY, figures: {}, updated_at: NEVER })
    const [earlierCount] = await db
      .select({ updated_at: chatDays.updated_at })
      .from(chatDays)
      .where(and(eq(chatDays.day, day), eq(chatDays.model, WHOLE_DAY)))
      .for('update')
    if (earlierCount && earlierCount.updated_at > counted_at) return
    await db.delete(chatDays).where(eq(chatDays.day, day))
    await db
      .insert(chatDays)
      .values([
        { day, model: WHOLE_DAY, figures, updated_at: counted_at },
        ...models.map(({ model, stats }) => ({ day, model: model ?? '', figures: stats, updated_at: counted_at })),
      ])
  })
