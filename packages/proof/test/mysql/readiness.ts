import { type Fixture, waitUntil } from '@engineer-chat/proof'

/** Waits until each process says this on `/readyz`. */
export async function waitForReadiness({ product }: Fixture, status: 200 | 503, withinMs?: number): Promise<void> {
  const services = [...product.apis, ...product.workers]
  await Promise.all(
    services.map(({ url }) =>
      waitUntil(`${url}/readyz says ${status}`, async () => (await fetch(`${url}/readyz`)).status === status, withinMs),
    ),
  )
}

interface LoggedLine {
  event: string
  error?: { code?: string | number; errno?: number; cause_code?: string | number }
}

/** Lists our lines of this kind of process, or those with this event. */
export function listLines({ product }: Fixture, kind: 'api' | 'worker' | 'any', event = ''): LoggedLine[] {
  const services = { api: product.apis, worker: product.workers, any: [...product.apis, ...product.workers] }[kind]
  const lines = services.flatMap(({ log }) => log.filter((line) => line.includes(`"EngineerChat.${event}`)))
  return lines.map((line): LoggedLine => JSON.parse(line))
}

/** Waits until a line, of this kind of process and with this event if they are given, names this number of MySQL. */
export const waitForLine = (fixture: Fixture, errno: number, kind?: 'api' | 'worker', event?: string) =>
  waitUntil(`${event ?? 'a line'} of ${kind ?? 'a process'} names ${errno}`, () =>
    listLines(fixture, kind ?? 'any', event).find(({ error }) => error?.errno === errno),
  )
