import { spawnSync } from 'node:child_process'
import { findOrUnpackProgram } from './unpack-program.ts'

/** Opens Prometheus' own checker of names and rules for a test. `skip` says why it can't run, if it can't. */
export function openPromtool() {
  const program = findOrUnpackProgram('promtool', 'prometheus', 'usr/bin/promtool')
  return {
    skip: program === undefined && 'promtool is neither installed nor available as a package',
    runPromtool(command: string[], options: { cwd?: string; input?: string }) {
      const { status, stdout, stderr } = spawnSync(program ?? '', command, { ...options, encoding: 'utf8' })
      return { status, output: `${command.join(' ')}\n${stdout}${stderr}` }
    },
  }
}

export const findNginx = (): string | undefined => findOrUnpackProgram('nginx', 'nginx', 'usr/sbin/nginx')

export const findCaddy = (): string | undefined => findOrUnpackProgram('caddy', 'caddy', 'usr/bin/caddy')
