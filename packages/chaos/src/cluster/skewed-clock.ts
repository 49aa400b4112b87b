// This module is loaded before a process with `--import`. It shifts the wall clock (`Date`) and no timer.
const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0)

if (skewMs !== 0) {
  const now = () => RealDate.now() + skewMs
  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
