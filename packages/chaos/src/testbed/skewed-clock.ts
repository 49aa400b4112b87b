// A process of the product loads this module first, by `--import`. It shifts the wall clock (`Date`) by
// CHAOS_CLOCK_SKEW_MS milliseconds. It does not change timers.
const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0)

if (skewMs !== 0) {
  const RealDate = Date
  const getSkewedNowMs = () => RealDate.now() + skewMs
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [getSkewedNowMs()] : args, newTarget),
    get: (target, key, receiver) => (key === 'now' ? getSkewedNowMs : Reflect.get(target, key, receiver)),
  })
}
