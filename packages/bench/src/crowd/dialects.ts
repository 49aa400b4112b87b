/**
 * Describes how a client talks to one kind of server with as little work as possible, because the crowd shares its
 * cores with the server.
 */
export interface Dialect {
  path(room: string): string
  /**
   * Lists the text frames to send, in order, each after a frame with the beginning `on`. After the last one the
   * socket is ready.
   */
  greeting: Array<{ on: string; send?: (room: string, last_seq?: number) => string }>
  /** A delivery begins with one of these texts. */
  delivery: string[]
  /** Holds a frame that requires an answer, and the answer. */
  ping?: [asked: string, answer: string]
}

const subscribe = (event_id: string, last_seq?: number): string =>
  JSON.stringify({ type: 'subscribe', event_id, last_seq })

export const DIALECTS = {
  ours: {
    path: () => '/ws',
    greeting: [{ on: '{"type":"hello"', send: subscribe }, { on: '{"type":"subscribed"' }],
    delivery: ['{"type":"message"', '{"type":"delta"'],
  },
  ws: {
    path: (room) => `/?room=${room}`,
    greeting: [{ on: 'hello' }],
    delivery: ['{"type":"message"'],
  },
  'socket.io': {
    path: (room) => `/socket.io/?EIO=4&transport=websocket&room=${room}`,
    greeting: [{ on: '0{', send: () => '40' }, { on: '40' }],
    delivery: ['42'],
    ping: ['2', '3'],
  },
} satisfies Record<string, Dialect>

export type DialectName = keyof typeof DIALECTS
