/** Calls `stop` once when the launcher that started this script has ended, also by `kill -9`. */
export function onLauncherDeath(stop: () => void): void {
  if (!process.channel) return
  process.channel.unref()
  process.once('disconnect', stop)
}
