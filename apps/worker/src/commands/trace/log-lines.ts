/**
 * Lists the fields that hold ids. A `message_id` equals the id of a question, a reply or a post. Some lines, such as
 * those of `feedback_given`, have no `reply_id`: their `message_id` is that of the reply.
 */
const ID_FIELDS = ['request_id', 'question_id', 'reply_id', 'message_id'] as const

export interface LoggedLine {
  at: string
  service: string
  eventName: string
  fields: Record<string, string | number | boolean | null>
}

/** Holds the log lines that contain an id, and finds the lines of one question. */
export class LogLines {
  readonly #lines: LoggedLine[] = []

  /** Adds a raw line of a log. Lines that the product did not write are ignored, because containers add their own. */
  add(text: string): void {
    const line = parseLine(text)
    if (line && ID_FIELDS.some((name) => name in line.fields)) this.#lines.push(line)
  }

  /**
   * Returns the lines that contain one of these ids. The other ids in a found line are added to `ids` and followed,
   * too: a request leads to its question or reply, and a question to its reply.
   */
  findLines(ids: Set<string>): LoggedLine[] {
    const linesById = new Map<string, LoggedLine[]>()
    for (const line of this.#lines) {
      for (const id of listIds(line)) {
        const lines = linesById.get(id) ?? []
        linesById.set(id, lines)
        lines.push(line)
      }
    }
    const foundLines = new Set<LoggedLine>()
    // The loop over a Set also visits ids that are added during the loop.
    for (const id of ids) {
      for (const line of linesById.get(id) ?? []) {
        foundLines.add(line)
        for (const linkedId of listIds(line)) ids.add(linkedId)
      }
    }
    return [...foundLines]
  }
}

const listIds = ({ fields }: LoggedLine): Set<string> =>
  new Set(ID_FIELDS.flatMap((name) => (typeof fields[name] === 'string' ? fields[name] : [])))

function parseLine(text: string): LoggedLine | undefined {
  const start = text.indexOf('{') // Docker Compose and other tools write a name and a time before the line.
  if (start === -1) return undefined
  try {
    const { time, service, event, level, pid, error, ...fields } = JSON.parse(text.slice(start))
    if (typeof time !== 'string' || typeof event !== 'string') return undefined
    return { at: time, service: `${service}/${pid}`, eventName: event, fields }
  } catch {
    return undefined
  }
}
