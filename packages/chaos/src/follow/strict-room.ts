import type { Message, ServerFrame } from '@engineer-chat/protocol'
import { createAnswer } from '../testbed/llm.ts'

type RoomFrame = Exclude<Extract<ServerFrame, { event_id: string }>, { type: 'error' }>

/** Holds the text of one attempt of a reply, as deltas and snapshots have brought it so far. */
interface StreamedText {
  attempt: number
  /** Holds the index that the next delta must have. */
  nextIndex: number
  text: string
}

/** Describes a frame that raised `lastSeq` and may hide a missing row. */
interface Advance {
  fromSeq: number
  toSeq: number
  frameType: RoomFrame['type']
  connectionNumber: number
  atMs: number
}

/** Holds what the server has sent over one connection. */
interface Connection {
  isSubscribed: boolean
  /** Holds the highest `seq` of a `subscribed` or `cursor` frame. The server has sent every row up to this number. */
  coveredSeq: number
  /** Holds the `seq` of the last row that the server has sent in a `message` frame. */
  lastRowSeq: number
  texts: Map<string, StreamedText>
}

/**
 * Checks that the frames of one room, as a follower receives them, follow the contract. It stores the rows that a
 * client would have. It uses no code of the product or of its client, only the types of the protocol.
 */
export class StrictRoom {
  readonly event_id: string
  readonly rows = new Map<string, Message>()
  /** Maps each sequence number to the id of the row that took it. */
  readonly messageIdsBySeq = new Map<number, string>()
  /** Holds the sequence number from which a client resumes. */
  lastSeq = 0
  /** Rows before this position may be missing, because a `subscribed` frame with `reset` has only the newest ones. */
  firstPosition = 0
  frameCount = 0
  /**
   * Lists the frames that raised `lastSeq` and may hide a missing row. Only a `message` frame that raises it by exactly
   * one hides none, because it brings the row with this number.
   */
  readonly #advances: Advance[] = []
  #connectionNumber = 0
  readonly #report: (violation: string) => void
  #connection: Connection = createConnection()

  constructor(event_id: string, report: (violation: string) => void) {
    this.event_id = event_id
    this.#report = report
  }

  get isSubscribed(): boolean {
    return this.#connection.isSubscribed
  }

  /** Names the frame that raised `lastSeq` to this number or past it, although the row with this number is missing. */
  explainMissing(seq: number): string {
    const advance = this.#advances.findLast(({ fromSeq, toSeq }) => fromSeq < seq && seq <= toSeq)
    if (!advance) return `the follower's last sequence number is ${this.lastSeq}`
    const { fromSeq, toSeq, frameType, connectionNumber, atMs } = advance
    return `a ${frameType} frame raised the last sequence number from ${fromSeq} to ${toSeq} at ${Math.round(atMs)} ms on connection ${connectionNumber}`
  }

  onConnect(): void {
    this.#connectionNumber += 1
    this.#connection = createConnection()
  }

  receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
      case 'authenticated':
      case 'pong':
      case 'goaway':
      case 'inbox':
      case 'error':
        return // These frames carry no rows or numbers of the room, so nothing is checked.
      case 'subscribed':
      case 'message':
      case 'event':
      case 'cursor':
      case 'delta':
      case 'snapshot':
      case 'presence':
      case 'typing':
        if (frame.event_id === this.event_id) this.#receiveInRoom(frame)
        return
      default:
        frame satisfies never
    }
  }

  #receiveInRoom(frame: RoomFrame): void {
    this.frameCount += 1
    if (!this.#connection.isSubscribed && frame.type !== 'subscribed')
      this.#report(`a ${frame.type} frame came before the subscribed frame`)
    switch (frame.type) {
      case 'subscribed':
        this.#onSubscribed(frame)
        return
      case 'message':
        this.#onMessage(frame)
        return
      case 'event':
        this.#onEvent(frame)
        return
      case 'cursor':
        this.#onCursor(frame)
        return
      case 'delta':
      case 'snapshot':
        this.#onText(frame)
        return
      case 'presence':
      case 'typing':
        return // Nothing is promised about their order.
      default:
        frame satisfies never
    }
  }

  #onSubscribed(frame: Extract<ServerFrame, { type: 'subscribed' }>): void {
    this.#connection = { ...createConnection(), isSubscribed: true, coveredSeq: frame.seq }
    if (frame.reset) {
      this.rows.clear()
      this.firstPosition = frame.has_more ? (frame.messages[0]?.position ?? 0) : 0
    } else if (frame.seq < this.lastSeq) this.#report(`the resume went back from ${this.lastSeq} to ${frame.seq}`)
    for (const message of frame.messages) {
      if (!frame.reset && message.seq <= this.lastSeq)
        this.#report(`the resume after ${this.lastSeq} repeats row ${message.seq}`)
      this.#keepRow(message)
    }
    if (frame.reset) this.lastSeq = 0
    this.#advance(frame)
  }

  #advance({ type, seq }: { type: RoomFrame['type']; seq: number }): void {
    const bringsNextRow = type === 'message' && seq === this.lastSeq + 1
    if (seq > this.lastSeq && !bringsNextRow) {
      const connectionNumber = this.#connectionNumber
      this.#advances.push({
        fromSeq: this.lastSeq,
        toSeq: seq,
        frameType: type,
        connectionNumber,
        atMs: performance.now(),
      })
    }
    this.lastSeq = Math.max(this.lastSeq, seq)
  }

  #onMessage(frame: Extract<ServerFrame, { type: 'message' }>): void {
    const { seq, message } = frame
    if (seq !== message.seq) this.#report(`a message frame has seq ${seq}, but its row has seq ${message.seq}`)
    if (seq <= this.#connection.lastRowSeq) this.#report(`row ${seq} came after row ${this.#connection.lastRowSeq}`)
    if (seq <= this.#connection.coveredSeq)
      this.#report(`row ${seq} came although all rows up to ${this.#connection.coveredSeq} had been sent`)
    this.#connection.lastRowSeq = seq
    this.#keepRow(message)
    this.#advance(frame)
  }

  #onEvent(frame: Extract<ServerFrame, { type: 'event' }>): void {
    if (frame.seq < this.#connection.lastRowSeq)
      this.#report(`event ${frame.seq} came after row ${this.#connection.lastRowSeq}`)
    this.#advance(frame)
  }

  #onCursor(frame: Extract<ServerFrame, { type: 'cursor' }>): void {
    const { seq } = frame
    if (seq < this.#connection.coveredSeq || seq < this.#connection.lastRowSeq)
      this.#report(`the cursor went back to ${seq}`)
    this.#connection.coveredSeq = seq
    this.#advance(frame)
  }

  #keepRow(message: Message): void {
    const knownId = this.messageIdsBySeq.get(message.seq)
    if (knownId !== undefined && knownId !== message.message_id)
      this.#report(`sequence number ${message.seq} belongs to two rows`)
    this.messageIdsBySeq.set(message.seq, message.message_id)
    const previousRow = this.rows.get(message.message_id)
    if (previousRow && previousRow.position !== message.position)
      this.#report(`row ${message.message_id} moved to another position`)
    // A `subscribed` frame may hold rows that are newer than the frame's `seq`. Later frames may then bring older
    // versions of these rows, which are not kept.
    if (!previousRow || message.seq >= previousRow.seq) this.rows.set(message.message_id, message)
  }

  #onText(frame: Extract<ServerFrame, { type: 'delta' | 'snapshot' }>): void {
    const { message_id, attempt } = frame
    const row = this.rows.get(message_id)
    // The row may be missing: if it changes while the server builds the `subscribed` frame, it may arrive only in a
    // later `message` frame.
    if (row && row.message_type !== 'thinking')
      this.#report(`a ${frame.type} frame of attempt ${attempt} came after the final row`)
    const lastText = this.#connection.texts.get(message_id)
    if (lastText && attempt < lastText.attempt) {
      this.#report(`attempt ${attempt} came after attempt ${lastText.attempt}`)
      return
    }
    const streamed = lastText?.attempt === attempt ? lastText : { attempt, nextIndex: 0, text: '' }
    if (frame.type === 'snapshot') {
      if (frame.next_index < streamed.nextIndex)
        this.#report(`a snapshot of the first ${frame.next_index} deltas came after ${streamed.nextIndex} deltas`)
      Object.assign(streamed, { nextIndex: frame.next_index, text: frame.text })
    } else {
      if (frame.index !== streamed.nextIndex)
        this.#report(`delta ${frame.index} of attempt ${attempt} came although delta ${streamed.nextIndex} was next`)
      Object.assign(streamed, { nextIndex: frame.index + 1, text: streamed.text + frame.text })
    }
    this.#connection.texts.set(message_id, streamed)
    this.#checkText(row, streamed.text)
  }

  /** Checks that the text so far is a beginning of the model's answer, if the reply and its question are known. */
  #checkText(reply: Message | undefined, text: string): void {
    const question = this.rows.get(reply?.reply_to ?? '')?.message_content.content
    if (question && !createAnswer(question.replace('@AI ', '')).startsWith(text)) {
      this.#report(`the text of ${reply?.message_id} is not a beginning of the model's answer`)
    }
  }
}

const createConnection = (): Connection => ({ isSubscribed: false, coveredSeq: 0, lastRowSeq: 0, texts: new Map() })
