/**
 * Describes how a client talks to one kind of server. It does as little work as possible, because the clients share
 * the cores with the server.
 */
export interface Dialect {
  createPath(room: string): string
  /** Lists the beginnings of the server's first texts. `createResponse` is set if the client has to respond. */
  openingFrames: Array<{ expected: string; createResponse?: (room: string, last_seq?: number) => string }>
  /** Lists the beginnings of the texts that count as deliveries. */
  deliveryPrefixes: string[]
  /** Holds a text that the server sends as a heartbeat, and the client's response. */
  heartbeat?: [received: string, response: string]
}

const createSubscribeFrame = (event_id: string, last_seq?: number): string =>
  JSON.stringify({ type: 'subscribe', event_id, last_seq })

export const DIALECTS = {
  ours: {
    createPath: () => '/ws',
    openingFrames: [
      { expected: '{"type":"hello"', createResponse: createSubscribeFrame },
      { expected: '{"type":"subscribed"' },
    ],
    deliveryPrefixes: ['{"type":"message"', '{"type":"delta"'],
  },
  /** Subscribes to no room, and receives only the unread counts of all events. */
  inbox: {
    createPath: () => '/ws',
    openingFrames: [{ expected: '{"type":"hello"' }],
    deliveryPrefixes: ['{"type":"inbox"'],
  },
  ws: {
    createPath: (room) => `/?room=${room}`,
    openingFrames: [{ expected: 'hello' }],
    deliveryPrefixes: ['{"type":"message"'],
  },
  /** Texts begin with packet types: Engine.IO's 0 (open), 2 (ping), 3 (pong) and 4 (message), then Socket.IO's. */
  'socket.io': {
    createPath: (room) => `/socket.io/?EIO=4&transport=websocket&room=${room}`,
    openingFrames: [{ expected: '0{', createResponse: () => '40' }, { expected: '40' }],
    deliveryPrefixes: ['42'],
    heartbeat: ['2', '3'],
  },
} satisfies Record<string, Dialect>

export type DialectName = keyof typeof DIALECTS
