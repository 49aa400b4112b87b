/** How one kind of server is talked to, in as little work as possible: the crowd shares its cores with the server. */
export interface Dialect {
  path(room: string): string
  /** Text frames to send once a frame with this beginning has come, in this order; after the last the socket is ready. */
  greeting: Array<{ on: string; send?: (room: string, last_seq?: number) => string }>
  /** What a delivery begins with. */
  delivery: string[]
  /** A frame that wants an answer, and the answer. */
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
