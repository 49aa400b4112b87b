import type { Pool } from 'mysql2/promise'

const ROWS_PER_STATEMENT = 100_000
/** This SQL gives a table with the digits 0 to 9. */
const DIGITS =
  '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)'
/** This SQL gives a table with ROWS_PER_STATEMENT consecutive numbers. The first number is its parameter. */
const NUMBERS = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + ? AS n
  FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} e, ${DIGITS} f) numbers`

/**
 * Fills one room with `size` messages. Of each ten messages, four are by agents, two are by people, two are in private
 * chats of the reader, and two are in other private chats. One statement creates up to 100,000 messages.
 */
export async function fillRoom(pool: Pool, event_id: string, readerId: string, size: number): Promise<void> {
  for (let firstNumber = 1; firstNumber <= size; firstNumber += ROWS_PER_STATEMENT) {
    const rows = Math.min(ROWS_PER_STATEMENT, size - firstNumber + 1)
    await pool.query(
      `INSERT INTO messages (message_id, event_id, position, seq, audience, user_id, message_from, message_type,
         message_category, sender_type, chat_session_id, message_content)
       SELECT CONCAT('0190a0b0-0000-7000-8000-', LPAD(n, 12, '0')), ?, n, n,
         CASE WHEN n % 10 < 4 THEN 'all' WHEN n % 10 < 6 THEN 'people' WHEN n % 10 < 8 THEN ? ELSE CONCAT('user-', n % 97) END,
         IF(n % 10 < 4, NULL, IF(n % 10 < 8, ?, CONCAT('user-', n % 97))),
         IF(n % 10 < 4, '_expert', 'somebody'), 'chat', IF(n % 10 < 4, 'agent', 'engineer_chat'), IF(n % 10 < 4, NULL, 'user'),
         CASE WHEN n % 10 < 6 THEN NULL WHEN n % 10 < 8 THEN CONCAT('chat_own_', FLOOR(n / 100))
           ELSE CONCAT('chat_other_', n % 97, '_', FLOOR(n / 1000)) END,
         CONCAT('{"content":"', REPEAT('Isolate the host first. ', 10), n, '"}')
       FROM ${NUMBERS} WHERE n < ? ORDER BY n`,
      [event_id, readerId, readerId, firstNumber, firstNumber + rows],
    )
  }
  await pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [size, event_id])
}
