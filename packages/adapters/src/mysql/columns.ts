/** MySQL's `2026-01-31 12:00:00.123` as the wire has it; the session's time zone is UTC. */
export const toIso = (text: string): string => `${text.replace(' ', 'T')}Z`
export const fromIso = (iso: string): string => iso.replace('T', ' ').replace('Z', '')
