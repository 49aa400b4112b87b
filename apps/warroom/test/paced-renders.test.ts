import t from 'tap'

const RENDER_MS = 20
/** A render takes a tenth of the time, so the pause after it is nine times as long. */
const PAUSE_MS = 9 * RENDER_MS

Object.assign(globalThis, {
  addEventListener: () => {},
  requestAnimationFrame: (start: () => void) => setTimeout(start),
  cancelAnimationFrame: clearTimeout,
})
const { PacedRenders } = await import('../src/ui/message/paced-renders.ts')

t.test(
  '[ROOM42] text that arrives while an earlier text is drawn waits for the pause after that drawing',
  async (t) => {
    const secondRender = Promise.withResolvers<void>()
    const renderTimesMs: { startedAt: number; endedAt: number }[] = []
    const renders = new PacedRenders(() => {
      const startedAt = performance.now()
      while (performance.now() < startedAt + RENDER_MS);
      renders.request()
      renderTimesMs.push({ startedAt, endedAt: performance.now() })
      if (renderTimesMs.length === 2) secondRender.resolve()
    })
    t.teardown(() => renders.stop())

    renders.request()
    await secondRender.promise

    const [first, second] = renderTimesMs
    const pauseMs = (second?.startedAt ?? 0) - (first?.endedAt ?? 0)
    t.ok(pauseMs >= PAUSE_MS, `the pause took ${pauseMs} ms`)
  },
)
