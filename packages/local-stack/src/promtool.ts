import { programOrUnpacked } from './unpacked.ts'

/** Prometheus' own judge of names, rules and their tests. */
export const findPromtool = (): string | undefined => programOrUnpacked('promtool', 'prometheus', 'usr/bin/promtool')

export const findNginx = (): string | undefined => programOrUnpacked('nginx', 'nginx', 'usr/sbin/nginx')

export const findCaddy = (): string | undefined => programOrUnpacked('caddy', 'caddy', 'usr/bin/caddy')
