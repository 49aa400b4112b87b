import { spawnSync } from 'node:child_process'
import { findOrUnpackProgram } from './unpack-program.ts'

/** Finds promtool, which checks metrics and rules. `skip` gives the reason if it is not available. */
export function findPromtool() {
  const program = findOrUnpackProgram('promtool', 'prometheus', 'usr/bin/promtool')
  return {
    skip: program === undefined && 'promtool is neither installed nor available as a package',
    runPromtool(args: string[], options: { cwd?: string; input?: string }) {
      const { status, stdout, stderr } = spawnSync(program ?? '', args, { ...options, encoding: 'utf8' })
      return { status, output: `${args.join(' ')}\n${stdout}${stderr}` }
    },
  }
}

/** Finds amtool, which checks Alertmanager's configuration. `skip` gives the reason if it is not available. */
export function findAmtool() {
  const program = findOrUnpackProgram('amtool', 'prometheus-alertmanager', 'usr/bin/amtool')
  return {
    skip: program === undefined && 'amtool is neither installed nor available as a package',
    runAmtool(args: string[], options: { cwd: string }) {
      const { status, stdout, stderr } = spawnSync(program ?? '', args, { ...options, encoding: 'utf8' })
      return { status, output: `${args.join(' ')}\n${stdout}${stderr}` }
    },
  }
}

export const findNginx = (): string | undefined => findOrUnpackProgram('nginx', 'nginx', 'usr/sbin/nginx')

export const findCaddy = (): string | undefined => findOrUnpackProgram('caddy', 'caddy', 'usr/bin/caddy')
