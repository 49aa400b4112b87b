import { withTimeout } from '@engineer-chat/process/with-timeout'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Prometheus gives up a scrape after 10 s, so one slow gauge could cost all metrics of the process. */
const READ_TIMEOUT_MS = 2_000

/** Creates a gauge that is read at each scrape. Values that can't be read within two seconds are left out. */
export function createGauge<L extends string>(
  registry: Registry,
  { name, help, labels = [] }: { name: string; help: string; labels?: L[] },
  read: () => Promise<Array<[Record<L, string>, number]>> | Array<[Record<L, string>, number]>,
): void {
  new Gauge<L>({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      this.reset()
      this.remove({}) // After a reset, a gauge without labels has the value 0, which nobody measured.
      const reading = Promise.resolve(read()).catch(() => [])
      const values = await withTimeout(reading, READ_TIMEOUT_MS, () => [])
      for (const [labelValues, value] of values) this.set(labelValues, value)
    },
  })
}

/** Lets gauges of one scrape share what is read: a call during a read gets the result of this read. */
export function shareRead<Values>(read: () => Promise<Values>): () => Promise<Values> {
  let running: Promise<Values> | undefined
  return () => {
    running ??= read().finally(() => {
      running = undefined
    })
    return running
  }
}

export function createCounter<L extends string>(registry: Registry, name: string, help: string, labelNames: L[] = []) {
  return new Counter<L>({ name, help, labelNames, registers: [registry] })
}
