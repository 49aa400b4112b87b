import { spawn } from 'node:child_process'

export interface Watchdog {
  /**
   * Kills the process `pid` when the current process ends. A negative `pid` means a process group, as with `kill`. Only
   * the process of the last call is guarded.
   */
  guard(pid: number): void
  /** Ends the watchdog without ending a process. */
  release(): void
}

// The script sends SIGTERM, waits a second and sends SIGKILL. The wait is fixed, because `kill -0` can't tell that the
// process has ended: it counts a zombie as alive.
const SCRIPT = `
trap '' INT TERM HUP
pid=
while read -r line; do
  [ "$line" = released ] && exit 0
  pid=$line
done
[ -n "$pid" ] && kill -s TERM -- "$pid"
sleep 1
[ -n "$pid" ] && kill -s KILL -- "$pid"
[ -z "$1" ] || rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`

/**
 * Starts a shell that reads from a pipe of this process. The pipe closes when this process ends, even by `kill -9`. The
 * shell then ends the guarded process and removes `folder`, if one is given.
 */
export function startWatchdog(folder = ''): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.on('error', () => {}) // Without a shell nothing is guarded, but the server works.
  shell.stdin?.on('error', () => {}) // Without a free file descriptor, there is no pipe.
  shell.unref()
  return {
    guard: (pid) => shell.stdin?.write(`${pid}\n`),
    release: () => shell.stdin?.end('released\n'),
  }
}
