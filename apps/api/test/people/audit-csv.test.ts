import type { AuditRecord } from '@engineer-chat/protocol'
import t from 'tap'
import { toCsvLine } from '../../src/people/audit-csv.ts'

t.test('[DECEPTIVE5] the export of the audit escapes control characters in names of failed logins', async (t) => {
  const toLine = (detail: string) => toCsvLine({ detail } as AuditRecord)
  // The characters below U+00A0 include all control characters.
  for (let code = 0; code < 0xa0; code++) {
    const line = toLine(`root${String.fromCharCode(code)}[2J\u202etxt`)
    // This matches all control and bidirectional characters except tabs and line breaks.
    t.notMatch(line.replace(/\r\n$/, ''), /[[\p{Cc}\p{Bidi_Control}]--[\r\n\t]]/v)
    t.match(line, /root.*\[2J⟨U\+202E⟩txt/s)
  }
})
