/** Matches what a spreadsheet takes for a formula, by OWASP's list with the wide forms of East Asian keyboards. */
const FORMULA = /^[\t\r ]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/
const NUMBER = /^[-+]?[\d,.]+%?$/

export interface Csv {
  text: string
  /** Counts the cells that got a `'` because a spreadsheet would run them. */
  guarded: number
}

/**
 * Writes rows as CSV (RFC 4180). What others wrote is pasted into spreadsheets, so a cell that begins like a formula
 * gets a `'` before it; plain numbers stay.
 */
export function toCsv(rows: readonly (readonly string[])[]): Csv {
  let guarded = 0
  const lines = rows.map((row) =>
    row
      .map((cell) => {
        const isFormula = FORMULA.test(cell) && !NUMBER.test(cell)
        if (isFormula) guarded += 1
        return quote(isFormula ? `'${cell}` : cell)
      })
      .join(','),
  )
  return { text: lines.map((line) => `${line}\r\n`).join(''), guarded }
}

const quote = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
