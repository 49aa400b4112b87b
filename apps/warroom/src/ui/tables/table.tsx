import { type Table, type TextBlock, toVisibleInlines } from '@engineer-chat/markdown'
import { memo, type ReactNode, useMemo, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toCsv } from '../../text/files/csv.ts'
import { type MarkdownText, renderInlines } from '../../text/inlines.tsx'
import { type Direction, orderRows } from '../../text/table-order.ts'
import { copyText } from '../parts/copy-text.ts'
import { Icon } from '../parts/icon.tsx'

interface TextProps {
  text: MarkdownText
}

interface Sorting {
  column: number
  direction: Direction
}

/**
 * Shows a table whose header stays visible. Clicks on a column's button sort the rows ascending, then descending, and
 * then show them in the order in which they were written.
 */
export function TableView({ table, text }: { table: Table } & TextProps): ReactNode {
  const t = useMessages()
  const [sorting, setSorting] = useState<Sorting>()
  const rowIndexes = useMemo(() => listRowIndexes(table, sorting), [table, sorting])
  return (
    <div className="data-table">
      <div className="block-header">
        <span className="caption">{t.table_rows(table.rows.length)}</span>
        <button type="button" className="plain" onClick={() => copyAsCsv(table, rowIndexes, t)}>
          <Icon name="copy" /> {t.copy_csv}
        </button>
      </div>
      <div className="table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {table.header.map((cell, column) => (
                <HeaderCell
                  key={column}
                  cell={cell}
                  text={text}
                  direction={sorting?.column === column ? sorting.direction : undefined}
                  onSort={() => setSorting(toNextSorting(sorting, column))}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rowIndexes.map((index) => (
              <TableRow key={index} row={table.rows[index] ?? []} text={text} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

interface HeaderCellProps extends TextProps {
  cell: TextBlock
  direction: Direction | undefined
  onSort(): void
}

/** Shows a column's name and a separate sort button, because the name itself may contain a link. */
function HeaderCell({ cell, text, direction, onSort }: HeaderCellProps): ReactNode {
  const t = useMessages()
  const label = t.sort_column(toVisibleInlines(cell.inlines))
  return (
    <th scope="col" aria-sort={direction}>
      <span className="column">
        <span>{renderInlines(cell.inlines, text)}</span>
        <button
          type="button"
          className={`plain icon-only sort ${direction ?? ''}`}
          aria-label={label}
          title={label}
          onClick={onSort}
        >
          <Icon name={direction === undefined ? 'sort' : 'arrow_down'} />
        </button>
      </span>
    </th>
  )
}

const TableRow = memo(function TableRow({ row, text }: { row: TextBlock[] } & TextProps) {
  return (
    <tr>
      {row.map((cell, index) => (
        <td key={index}>{renderInlines(cell.inlines, text)}</td>
      ))}
    </tr>
  )
})

/** Returns how the table is sorted after a click on the sort button of a column. */
function toNextSorting(sorting: Sorting | undefined, column: number): Sorting | undefined {
  if (sorting?.column !== column) return { column, direction: 'ascending' }
  return sorting.direction === 'ascending' ? { column, direction: 'descending' } : undefined
}

/** Lists the indexes of the rows in the order in which the rows are shown. */
function listRowIndexes({ rows }: Table, sorting: Sorting | undefined): number[] {
  if (!sorting) return rows.map((_, index) => index)
  const cells = rows.map((row) => toVisibleInlines(row[sorting.column]?.inlines ?? []))
  return orderRows(cells, sorting.direction)
}

/** Copies the rows in the order in which they are shown. */
function copyAsCsv({ header, rows }: Table, rowIndexes: number[], t: ReturnType<typeof useMessages>): void {
  const shownRows = [header, ...rowIndexes.map((index) => rows[index] ?? [])]
  const { text, escapedFormulaCount } = toCsv(
    shownRows.map((row) => row.map(({ inlines }) => toVisibleInlines(inlines))),
  )
  void copyText(text, escapedFormulaCount === 0 ? t.copied : t.copied_guarded(escapedFormulaCount))
}
