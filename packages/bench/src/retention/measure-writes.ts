import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditLog } from '@engineer-chat/chat/shared'
import { median, quantile } from '../measure/quantiles.ts'

export interface WriteStats {
  count: number
  p50_ms: number
  p99_ms: number
  max_ms: number
}

const PAUSE_MS = 5

/**
 * Calls `run` and adds rows to the audit until `run` ends, with a pause of PAUSE_MS after each row. `run` returns the
 * number of rows that it has deleted, moved or dropped, which is `processedRows`.
 */
export async function measureWrites(
  audit: AuditLog,
  run: () => Promise<number>,
): Promise<{ processedRows: number; ms: number; writes: WriteStats }> {
  const stopController = new AbortController()
  const pendingWrites = writeRows(audit, stopController.signal)
  const startedAtMs = performance.now()
  try {
    const processedRows = await run()
    const ms = performance.now() - startedAtMs
    stopController.abort()
    return { processedRows, ms, writes: summarize(await pendingWrites) }
  } finally {
    stopController.abort()
  }
}

const summarize = (durationsMs: number[]): WriteStats => ({
  count: durationsMs.length,
  p50_ms: median(durationsMs),
  p99_ms: quantile(durationsMs, 0.99),
  max_ms: Math.max(...durationsMs),
})

/** Adds rows until `signal` is aborted. Returns the time of each insert, which includes its wait for locks. */
async function writeRows(audit: AuditLog, signal: AbortSignal): Promise<number[]> {
  const durationsMs: number[] = []
  do {
    const startedAtMs = performance.now()
    await audit.write([
      {
        action: 'send',
        actor: 'writer',
        address: '198.51.100.23',
        object_type: 'message',
        object_id: `written-${durationsMs.length}`,
        event_id: 'event-writer',
        detail: null,
        request_id: null,
      },
    ])
    durationsMs.push(performance.now() - startedAtMs)
    await sleep(PAUSE_MS)
  } while (!signal.aborted)
  return durationsMs
}
