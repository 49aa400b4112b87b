/** Holds a position in a line, in characters and in columns. A tab extends to the next multiple of four columns. */
export class LineCursor {
  readonly source: string
  readonly end: number
  position: number
  column = 0

  constructor(source: string, start: number, end: number) {
    this.source = source
    this.position = start
    this.end = end
  }

  /** Counts the columns of the spaces and tabs at the position. */
  countIndentation(): number {
    let column = this.column
    for (let position = this.position; position < this.end; position += 1) {
      const character = this.source[position]
      if (character === ' ') column += 1
      else if (character === '\t') column += 4 - (column % 4)
      else break
    }
    return column - this.column
  }

  /** Returns the position of the next character that is not a space or a tab. */
  findTextStart(): number {
    let position = this.position
    while (position < this.end && (this.source[position] === ' ' || this.source[position] === '\t')) position += 1
    return position
  }

  isBlank(): boolean {
    return this.findTextStart() === this.end
  }

  /** Moves past blanks, at most this many columns. It may stop within a tab. */
  skipBlanks(maxColumns: number): void {
    const target = this.column + maxColumns
    while (this.position < this.end && this.column < target) {
      const character = this.source[this.position]
      if (character !== ' ' && character !== '\t') return
      const width = character === ' ' ? 1 : 4 - (this.column % 4)
      if (this.column + width > target) {
        this.column = target
        return
      }
      this.column += width
      this.position += 1
    }
  }

  /** Moves past this many characters, none of which is a tab. */
  advance(characters: number): void {
    this.position += characters
    this.column += characters
  }

  /** Matches a pattern, which has the flag `y`, at the position. The position stays. */
  matchAhead(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position
    const match = pattern.exec(this.source)
    return match && this.position + match[0].length <= this.end ? match : null
  }

  get rest(): string {
    return this.source.slice(this.position, this.end)
  }
}
