import { type Fixture, waitUntil } from '@engineer-chat/proof'

/** Waits until `/readyz` of each process answers with this status. */
export async function waitForReadyStatus({ product }: Fixture, status: 200 | 503, timeoutMs?: number): Promise<void> {
  const services = [...product.apis, ...product.workers]
  await Promise.all(
    services.map(({ url }) =>
      waitUntil(
        `${url}/readyz says ${status}`,
        async () => (await fetch(`${url}/readyz`)).status === status,
        timeoutMs,
      ),
    ),
  )
}

interface LoggedLine {
  event: string
  error?: { code?: string | number; errno?: number; cause_code?: string | number }
}

/** Lists the log lines of this kind of process whose event begins with `event`. By default, lists all of its lines. */
export function listLines({ product }: Fixture, kind: 'api' | 'worker' | 'any process', event = ''): LoggedLine[] {
  const services = {
    api: product.apis,
    worker: product.workers,
    'any process': [...product.apis, ...product.workers],
  }[kind]
  const lines = services.flatMap(({ log }) => log.filter((line) => line.includes(`"EngineerChat.${event}`)))
  return lines.map((line): LoggedLine => JSON.parse(line))
}

/** Waits for a log line with this error number of MySQL. `kind` and `event` limit which lines count. */
export const waitForLine = (fixture: Fixture, errno: number, kind: 'api' | 'worker', event: string) =>
  waitUntil(`a log line ${event} of a process (${kind}) has the error number ${errno}`, () =>
    listLines(fixture, kind, event).find(({ error }) => error?.errno === errno),
  )
