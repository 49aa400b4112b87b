/** Calls `stop` once when `bin/launch.mjs`, which started this script, has ended, even by `kill -9`. */
export function onParentExit(stop: () => void): void {
  if (!process.channel) return // The script runs without `bin/launch.mjs`.
  process.channel.unref()
  process.once('disconnect', stop)
}
