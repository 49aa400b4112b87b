/** Calls `stop` once when the launcher that started this script is gone, kill -9 included. */
export function onLauncherDeath(stop: () => void): void {
  if (!process.channel) return
  process.channel.unref()
  process.once('disconnect', stop)
}
