/** Matches what a spreadsheet treats as a formula: the characters of OWASP's list, and their full-width forms. */
const FORMULA = /^[\t\r ]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/
/** Matches a number such as `-1,234.5` or `+20%`. */
const NUMBER = /^[-+]?[\d,.]+%?$/

export interface Csv {
  text: string
  /** Counts the cells that got a `'` because a spreadsheet would run them. */
  escapedFormulaCount: number
}

/**
 * Formats rows as CSV (RFC 4180). Cells contain text of other users, so a cell that begins like a formula gets a `'`
 * before it. Plain numbers stay unchanged.
 */
export function toCsv(rows: readonly (readonly string[])[]): Csv {
  let escapedFormulaCount = 0
  const lines = rows.map((row) =>
    row
      .map((cell) => {
        const isFormula = FORMULA.test(cell) && !NUMBER.test(cell)
        if (isFormula) escapedFormulaCount += 1
        return quote(isFormula ? `'${cell}` : cell)
      })
      .join(','),
  )
  return { text: lines.map((line) => `${line}\r\n`).join(''), escapedFormulaCount }
}

/** Puts a cell in quotation marks if it has a comma, a quotation mark, a line break, or a space at either end. */
const quote = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
