// Is loaded before a process with `--import`. It shifts the process's calendar, and nothing but its calendar.
const skew = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0)

if (skew !== 0) {
  const now = () => RealDate.now() + skew
  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
