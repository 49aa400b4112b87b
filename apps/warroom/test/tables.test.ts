import { test } from 'tap'
import { toCsv } from '../src/text/files/csv.ts'
import { orderRows } from '../src/text/table-order.ts'

const sortCells = (cells: string[], direction: 'ascending' | 'descending' = 'ascending') =>
  orderRows(cells, direction).map((index) => cells[index])

test('[ROOM91] numbers, addresses, times and words are sorted by their kind', async (t) => {
  t.same(sortCells(['10', '9', '1,200', '-3', '12.5%']), ['-3', '9', '10', '12.5%', '1,200'])
  t.same(sortCells(['10.0.0.10', '10.0.0.9', '2001:db8::1', '9.9.9.9', '10.0.0[.]9/24', '::1']), [
    '9.9.9.9',
    '10.0.0.9',
    '10.0.0[.]9/24',
    '10.0.0.10',
    '::1',
    '2001:db8::1',
  ])
  t.same(
    sortCells(['[2001:db8::10]:443', '[2001:db8::9]:8443', '[2001[:]db8[:][:]9]:443', '2001:db8::9', '[2001:db8::1]']),
    ['[2001:db8::1]', '2001:db8::9', '[2001[:]db8[:][:]9]:443', '[2001:db8::9]:8443', '[2001:db8::10]:443'],
    'an IPv6 address with a port is in brackets',
  )
  t.same(sortCells(['2026-01-02T03:04:05Z', '2026-01-02 03:04:04', '2026-01-02T04:04:00+02:00']), [
    '2026-01-02T04:04:00+02:00',
    '2026-01-02 03:04:04',
    '2026-01-02T03:04:05Z',
  ])
  // A time may have a space before its zone.
  t.same(sortCells(['2026-01-02T03:05 UTC', '2026-01-02T04:04 +02:00', '2026-01-02 03:04 +0000']), [
    '2026-01-02T04:04 +02:00',
    '2026-01-02 03:04 +0000',
    '2026-01-02T03:05 UTC',
  ])
  t.same(sortCells(['9:05', '10:00', '09:04:59']), ['09:04:59', '9:05', '10:00'])
  t.same(sortCells(['host-10', 'Host-9', 'host-1']), ['host-1', 'Host-9', 'host-10'])
})

test('[ROOM91] empty cells stay at the end, and equal cells keep their order', async (t) => {
  t.same(orderRows(['', 'b', '-', 'a', 'b'], 'ascending'), [3, 1, 4, 0, 2])
  t.same(orderRows(['', 'b', '-', 'a', 'b'], 'descending'), [1, 4, 3, 0, 2])
  t.same(orderRows([], 'ascending'), [])
})

test('[ROOM91] a column is sorted as text if a cell is not a valid number, address or time', async (t) => {
  t.same(sortCells(['10', '9', 'x']), ['9', '10', 'x'])
  t.same(sortCells(['256.0.0.1', '1.1.1.1']), ['1.1.1.1', '256.0.0.1'])
  t.same(sortCells(['1:2:3', '::', '1::2::3', ':::']).length, 4, 'no cell is lost')
  t.same(sortCells(['2026-13-45', '2026-01-01']), ['2026-01-01', '2026-13-45'])
})

test('[ROOM91] a cell that only resembles an IPv6 address is text', async (t) => {
  const sortWith = (cell: string) => sortCells(['10::', 'a::', cell]).filter((sortedCell) => sortedCell !== cell)
  t.same(sortWith('[::1]:65535'), ['a::', '10::'], 'the column is sorted by the values of addresses')
  for (const cell of ['1:2:3:4:5:6:7:8::a::b', '1:2:3:4:5:6:7:8::', '1:2:3:4::5:6:7:8', '1:2:3:4:5:6:7'])
    t.same(sortWith(cell), ['10::', 'a::'], cell)
  for (const cell of ['[::1', '::1]', '[::1]443', '[::1]/64', '[::1]:655350'])
    t.same(sortWith(cell), ['10::', 'a::'], cell)
})

test('[ROOM91] a cell of the CSV that a spreadsheet would run as a formula gets an apostrophe; numbers do not', async (t) => {
  const rows = [
    ['name', 'what'],
    ['a,b', 'said "no"'],
    ['=HYPERLINK("x")', '-5'],
    ['@SUM(A1)', '+1-1'],
    [' =1', '＝1'],
    ['-5%', '1\n2'],
  ]
  t.same(toCsv(rows), {
    text: 'name,what\r\n"a,b","said ""no"""\r\n"\'=HYPERLINK(""x"")",-5\r\n\'@SUM(A1),\'+1-1\r\n\' =1,\'＝1\r\n-5%,"1\n2"\r\n',
    escapedFormulaCount: 5,
  })
})
