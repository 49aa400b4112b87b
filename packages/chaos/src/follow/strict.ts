import type { Message, ServerFrame } from '@engineer-chat/protocol'
import { createAnswer } from '../cluster/llm.ts'

interface Text {
  attempt: number
  next: number
  text: string
}

/** What one connection has promised so far. */
interface Told {
  subscribed: boolean
  /** The highest number that `subscribed` or a cursor gave. */
  upTo: number
  /** The last row's number. */
  last: number
  texts: Map<string, Text>
}

/**
 * One follower's ear for one room: holds every frame to the contract's letter, and keeps what a client would have in the
 * end. It knows nothing of how the product or its client are built.
 */
export class StrictRoom {
  readonly event_id: string
  readonly rows = new Map<string, Message>()
  /** Which row took which number. */
  readonly numbers = new Map<number, string>()
  /** From where to go on. */
  reached = 0
  /** Rows before this position needn't be here: the room began anew with its newest page. */
  floor = 0
  frames = 0
  readonly #say: (text: string) => void
  #told: Told = fresh()

  constructor(event_id: string, say: (text: string) => void) {
    this.event_id = event_id
    this.#say = say
  }

  connected(): void {
    this.#told = fresh()
  }

  take(frame: ServerFrame): void {
    if (!('event_id' in frame) || frame.event_id !== this.event_id || frame.type === 'error') return
    this.frames += 1
    if (!this.#told.subscribed && frame.type !== 'subscribed') this.#say(`${frame.type} before subscribed`)
    if (frame.type === 'subscribed') this.#subscribed(frame)
    else if (frame.type === 'message') this.#message(frame)
    else if (frame.type === 'event') this.#event(frame.seq)
    else if (frame.type === 'cursor') this.#cursor(frame.seq)
    else if (frame.type === 'delta' || frame.type === 'snapshot') this.#text(frame)
  }

  #subscribed(frame: Extract<ServerFrame, { type: 'subscribed' }>): void {
    this.#told = { ...fresh(), subscribed: true, upTo: frame.seq }
    if (frame.reset) {
      this.rows.clear()
      this.floor = frame.has_more ? (frame.messages[0]?.position ?? 0) : 0
    } else if (frame.seq < this.reached) this.#say(`resumed at ${frame.seq}, before ${this.reached}`)
    for (const message of frame.messages) {
      if (!frame.reset && message.seq <= this.reached) this.#say(`resume repeats ${message.seq} up to ${this.reached}`)
      this.#put(message)
    }
    this.reached = Math.max(frame.reset ? 0 : this.reached, frame.seq)
  }

  #message({ seq, message }: Extract<ServerFrame, { type: 'message' }>): void {
    if (seq !== message.seq) this.#say(`a frame of ${seq} with a row of ${message.seq}`)
    if (seq <= this.#told.last) this.#say(`row ${seq} after ${this.#told.last}`)
    if (seq <= this.#told.upTo) this.#say(`row ${seq} after all up to ${this.#told.upTo} had been told`)
    this.#told.last = seq
    this.#put(message)
    this.reached = Math.max(this.reached, seq)
  }

  #event(seq: number): void {
    if (seq < this.#told.last) this.#say(`event ${seq} after ${this.#told.last}`)
    this.reached = Math.max(this.reached, seq)
  }

  #cursor(seq: number): void {
    if (seq < this.#told.upTo || seq < this.#told.last) this.#say(`the cursor went back to ${seq}`)
    this.#told.upTo = seq
    this.reached = Math.max(this.reached, seq)
  }

  #put(message: Message): void {
    const owner = this.numbers.get(message.seq)
    if (owner !== undefined && owner !== message.message_id) this.#say(`number ${message.seq} belongs to two rows`)
    this.numbers.set(message.seq, message.message_id)
    const before = this.rows.get(message.message_id)
    if (before && before.seq > message.seq && !this.#told.subscribed) this.#say(`row ${message.message_id} went back`)
    if (before && before.position !== message.position) this.#say(`row ${message.message_id} moved`)
    if (!before || message.seq >= before.seq) this.rows.set(message.message_id, message)
  }

  #text(frame: Extract<ServerFrame, { type: 'delta' | 'snapshot' }>): void {
    const { message_id, attempt } = frame
    const row = this.rows.get(message_id)
    // Without a row: it was given a new number while the answer to the subscription was read, and follows.
    if (row && row.message_type !== 'thinking') this.#say(`${frame.type} of attempt ${attempt} after the final row`)
    const known = this.#told.texts.get(message_id)
    if (known && attempt < known.attempt) {
      this.#say(`attempt ${attempt} after ${known.attempt}`)
      return
    }
    const here = known?.attempt === attempt ? known : { attempt, next: 0, text: '' }
    if (frame.type === 'snapshot') {
      if (frame.next_index < here.next) this.#say(`a snapshot of ${frame.next_index} after ${here.next} pieces`)
      Object.assign(here, { next: frame.next_index, text: frame.text })
    } else {
      if (frame.index !== here.next) this.#say(`piece ${frame.index} of attempt ${attempt} where ${here.next} was next`)
      Object.assign(here, { next: frame.index + 1, text: here.text + frame.text })
    }
    this.#told.texts.set(message_id, here)
    const question = this.rows.get(row?.reply_to ?? '')?.message_content.content
    if (question && !createAnswer(question.replace('@AI ', '')).startsWith(here.text)) {
      this.#say(`the text of ${message_id} is not a beginning of its answer`)
    }
  }
}

const fresh = (): Told => ({ subscribed: false, upTo: 0, last: 0, texts: new Map() })
