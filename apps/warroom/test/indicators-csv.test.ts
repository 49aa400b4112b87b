import type { RoomIndicator } from '@engineer-chat/protocol'
import t from 'tap'
import { toIndicatorsCsv } from '../src/text/files/indicators-csv.ts'

const AT = '2026-01-31T12:00:00.000Z'

const createIndicator = (value: string): RoomIndicator => ({
  type: 'url',
  value,
  count: 2,
  first_at: AT,
  last_at: AT,
  events: 1,
})

t.test('[ROOM95] a CSV file has the values live and not defanged, and no cell is a formula', async (t) => {
  const csv = toIndicatorsCsv([
    createIndicator('https://evil.example/?a="b",c'),
    createIndicator('=cmd@evil.example'),
    createIndicator('＝cmd@evil.example'),
  ])
  t.equal(
    csv,
    [
      'type,value,count,first_at,last_at,events',
      `url,"https://evil.example/?a=""b"",c",2,${AT},${AT},1`,
      `url,'=cmd@evil.example,2,${AT},${AT},1`,
      `url,'＝cmd@evil.example,2,${AT},${AT},1`,
      '',
    ].join('\r\n'),
  )
})
