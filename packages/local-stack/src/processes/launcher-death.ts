/** Calls `stop` once when the launcher that started this script has ended, even if it was killed with `kill -9`. */
export function onLauncherDeath(stop: () => void): void {
  if (!process.channel) return // No launcher has started this script.
  process.channel.unref()
  process.once('disconnect', stop)
}
