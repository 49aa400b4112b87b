/**
 * Describes how a client talks to one kind of server. It does as little work as possible, because the clients share
 * the cores with the server.
 */
export interface Dialect {
  createPath(room: string): string
  /** Lists the frames that the server sends first, by their beginnings, each with the client's answer if it needs one. */
  handshake: Array<{ expected: string; createAnswer?: (room: string, last_seq?: number) => string }>
  /** A delivery begins with one of these texts. */
  deliveryPrefixes: string[]
  /** Holds a text that the server sends as a heartbeat, and the client's answer. */
  heartbeat?: [received: string, answer: string]
}

const createSubscribeFrame = (event_id: string, last_seq?: number): string =>
  JSON.stringify({ type: 'subscribe', event_id, last_seq })

export const DIALECTS = {
  ours: {
    createPath: () => '/ws',
    handshake: [
      { expected: '{"type":"hello"', createAnswer: createSubscribeFrame },
      { expected: '{"type":"subscribed"' },
    ],
    deliveryPrefixes: ['{"type":"message"', '{"type":"delta"'],
  },
  /** Follows no room and gets the counts of all events. */
  inbox: {
    createPath: () => '/ws',
    handshake: [{ expected: '{"type":"hello"' }],
    deliveryPrefixes: ['{"type":"inbox"'],
  },
  ws: {
    createPath: (room) => `/?room=${room}`,
    handshake: [{ expected: 'hello' }],
    deliveryPrefixes: ['{"type":"message"'],
  },
  'socket.io': {
    createPath: (room) => `/socket.io/?EIO=4&transport=websocket&room=${room}`,
    handshake: [{ expected: '0{', createAnswer: () => '40' }, { expected: '40' }],
    deliveryPrefixes: ['42'],
    heartbeat: ['2', '3'],
  },
} satisfies Record<string, Dialect>

export type DialectName = keyof typeof DIALECTS
