/** Holds a place in a line, in characters and in columns. A tab extends to the next multiple of four columns. */
export class Cursor {
  readonly source: string
  readonly end: number
  pos: number
  column = 0

  constructor(source: string, start: number, end: number) {
    this.source = source
    this.pos = start
    this.end = end
  }

  /** Counts the columns of blanks up to the next other character. */
  indentation(): number {
    let column = this.column
    for (let pos = this.pos; pos < this.end; pos += 1) {
      const character = this.source[pos]
      if (character === ' ') column += 1
      else if (character === '\t') column += 4 - (column % 4)
      else break
    }
    return column - this.column
  }

  /** Returns the position of the next character that is no blank. */
  nextText(): number {
    let pos = this.pos
    while (pos < this.end && (this.source[pos] === ' ' || this.source[pos] === '\t')) pos += 1
    return pos
  }

  isBlank(): boolean {
    return this.nextText() === this.end
  }

  /** Skips at most this many columns of blanks. It may stop within a tab. */
  skip(columns: number): void {
    const target = this.column + columns
    while (this.pos < this.end && this.column < target) {
      const character = this.source[this.pos]
      if (character !== ' ' && character !== '\t') return
      const width = character === ' ' ? 1 : 4 - (this.column % 4)
      if (this.column + width > target) {
        this.column = target
        return
      }
      this.column += width
      this.pos += 1
    }
  }

  /** Skips this many characters, none of which is a tab. */
  advance(characters: number): void {
    this.pos += characters
    this.column += characters
  }

  /** Returns the match of a pattern with the flag `y` at this place. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.pos
    const match = pattern.exec(this.source)
    return match && this.pos + match[0].length <= this.end ? match : null
  }

  rest(): string {
    return this.source.slice(this.pos, this.end)
  }
}
