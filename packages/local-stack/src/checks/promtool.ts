import { spawnSync } from 'node:child_process'
import { findOrUnpackProgram } from './unpack-program.ts'

/** For tests: Prometheus' own judge of names, rules and their tests. `skip` is why it can't be asked, if so. */
export function openPromtool() {
  const program = findOrUnpackProgram('promtool', 'prometheus', 'usr/bin/promtool')
  return {
    skip: program === undefined && 'promtool is neither here nor to be had',
    ask(command: string[], options: { cwd?: string; input?: string }) {
      const { status, stdout, stderr } = spawnSync(program ?? '', command, { ...options, encoding: 'utf8' })
      return { status, said: `${command.join(' ')}\n${stdout}${stderr}` }
    },
  }
}

export const findNginx = (): string | undefined => findOrUnpackProgram('nginx', 'nginx', 'usr/sbin/nginx')

export const findCaddy = (): string | undefined => findOrUnpackProgram('caddy', 'caddy', 'usr/bin/caddy')
