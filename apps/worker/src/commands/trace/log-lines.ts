const ID_FIELDS = ['request_id', 'question_id', 'reply_id', 'message_id'] as const
/** Only these lead to further lines: a message's own id is also that of its reply or question. */
const LINKING_FIELDS = ['request_id', 'question_id', 'reply_id'] as const

export interface LoggedLine {
  at: string
  service: string
  event: string
  fields: Record<string, string | number | boolean | null>
}

/** Keeps the lines of logs that name some id, and finds those of one question. */
export class LogLines {
  readonly #lines: LoggedLine[] = []

  /** Takes a line as it was written. What is no line of the product is left out: containers put their own between. */
  add(text: string): void {
    const line = parseLine(text)
    if (line && ID_FIELDS.some((name) => name in line.fields)) this.#lines.push(line)
  }

  /**
   * Returns the lines that name one of these ids, and those that name an id which they name: a request leads to its
   * question and the question to its reply. The ids that were found are added to `ids`.
   */
  findLines(ids: Set<string>): LoggedLine[] {
    const linesById = new Map<string, LoggedLine[]>()
    for (const line of this.#lines) {
      for (const id of listIds(line, ID_FIELDS)) {
        const lines = linesById.get(id) ?? []
        linesById.set(id, lines)
        lines.push(line)
      }
    }
    const found = new Set<LoggedLine>()
    // A Set's loop also visits what is added to it meanwhile.
    for (const id of ids) {
      for (const line of linesById.get(id) ?? []) {
        found.add(line)
        for (const linked of listIds(line, LINKING_FIELDS)) ids.add(linked)
      }
    }
    return [...found]
  }
}

const listIds = ({ fields }: LoggedLine, names: readonly string[]): Set<string> =>
  new Set(names.flatMap((name) => (typeof fields[name] === 'string' ? fields[name] : [])))

function parseLine(text: string): LoggedLine | undefined {
  const start = text.indexOf('{') // Compose and others put a name and a time before the line.
  if (start === -1) return undefined
  try {
    const { time, service, event, level, pid, error, ...fields } = JSON.parse(text.slice(start))
    if (typeof time !== 'string' || typeof event !== 'string') return undefined
    return { at: time, service: `${service}/${pid}`, event, fields }
  } catch {
    return undefined
  }
}
