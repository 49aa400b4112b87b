// Loaded before a process with `--import`: its calendar is wrong by so much, and nothing but its calendar.
const skew = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0)
const RealDate = Date

class SkewedDate extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + skew] : given) as [number]))
  }
  static override now(): number {
    return RealDate.now() + skew
  }
}

if (skew !== 0) globalThis.Date = SkewedDate as DateConstructor
