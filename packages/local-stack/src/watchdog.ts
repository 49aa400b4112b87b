import { spawn } from 'node:child_process'

export interface Watchdog {
  /** The process to end if we die. Telling another one replaces it. */
  guard(pid: number): void
  /** Nothing is left to guard. */
  release(): void
}

// `kill -0` would say that an orphan which nobody has reaped still lives, so it isn't asked: SIGTERM, a second, SIGKILL.
const SCRIPT = `
trap '' INT TERM HUP
pid=
while read -r line; do pid=$line; done
[ -n "$pid" ] || exit 0
kill -TERM "$pid" 2>/dev/null || exit 0
sleep 1
kill -KILL "$pid" 2>/dev/null
`

/**
 * A shell that reads from a pipe of ours. The pipe closes when we end, kill -9 included, and the shell then ends the
 * process that it guards.
 */
export function startWatchdog(): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.on('error', () => {}) // no shell, no guard: the server itself still works
  shell.stdin.on('error', () => {})
  shell.unref()
  return {
    guard: (pid) => shell.stdin.write(`${pid}\n`),
    release: () => shell.stdin.end('\n'),
  }
}
