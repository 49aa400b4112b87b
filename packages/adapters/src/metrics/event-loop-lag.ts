import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Registry } from 'prom-client'
import { createGauge } from './gauges.ts'

/** prom-client itself samples every 10 ms, which wakes an idle process so often that it takes 1% of a core. */
const SAMPLE_MS = 50

/** With this interval, prom-client's own timer never takes a sample. `measureEventLoopLag` removes its gauges. */
export const NO_SAMPLES_MS = 2 ** 31 - 1

type Histogram = ReturnType<typeof monitorEventLoopDelay>

const STATISTICS: Record<string, (histogram: Histogram) => number> = {
  min: ({ min }) => min,
  max: ({ max }) => max,
  mean: ({ mean }) => mean,
  p50: (histogram) => histogram.percentile(50),
  p90: (histogram) => histogram.percentile(90),
  p99: (histogram) => histogram.percentile(99),
}

/**
 * Shows how much later than planned a timer fired since the last read, with prom-client's names. Without samples the
 * lag is 0.
 */
export function measureEventLoopLag(registry: Registry): void {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS })
  histogram.enable()
  registry.removeSingleMetric('nodejs_eventloop_lag_stddev_seconds')
  const lastStatistic = Object.keys(STATISTICS).at(-1)
  for (const [statistic, read] of Object.entries(STATISTICS)) {
    const name = `nodejs_eventloop_lag_${statistic}_seconds`
    registry.removeSingleMetric(name)
    createGauge(registry, { name, help: `How late timers fired since the last read (${statistic}).` }, () => {
      const delaySeconds = histogram.count === 0 ? 0 : read(histogram) / 1e9
      if (statistic === lastStatistic) histogram.reset() // A scrape reads the gauges in the order of their creation.
      return [[{}, Math.max(0, delaySeconds - SAMPLE_MS / 1_000)]]
    })
  }
}
