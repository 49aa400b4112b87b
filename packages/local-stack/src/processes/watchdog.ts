import { spawn } from 'node:child_process'

export interface Watchdog {
  /** Names the process to end if we die, or, as a negative number, the process group. It replaces the one before. */
  guard(pid: number): void
  /** Ends the watchdog without ending a process. */
  release(): void
}

// `kill -0` takes an orphan that nobody has reaped for alive, so it isn't used: SIGTERM, a second, SIGKILL.
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
 * Starts a shell that reads from a pipe of ours. The pipe closes when we end, kill -9 included; the shell then ends the process
 * that it guards, and removes `folder`, if there is one.
 */
export function startWatchdog(folder = ''): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.on('error', () => {}) // Without a shell nothing is guarded; the server itself still works.
  shell.stdin.on('error', () => {})
  shell.unref()
  return {
    guard: (pid) => shell.stdin.write(`${pid}\n`),
    release: () => shell.stdin.end('released\n'),
  }
}
