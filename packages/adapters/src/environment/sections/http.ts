import { createSection, Port, TextList, TextValue, WholeNumber } from '../variable-types.ts'

// These variables limit what API nodes accept from outside.

export const httpSection = createSection('HTTP', {
  host: TextValue('HOST', {
    description: 'The node listens on this address.',
    minLength: 1,
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  port: Port('PORT', {
    description: 'The node listens on this port. 0 lets the system choose one.',
    default: 5007,
    example: '5007',
  }),
  allowedOrigins: TextList('ALLOWED_ORIGINS', {
    description:
      "Pages of these origins, and of the server's own, may open a WebSocket or refresh a sign-in. The list is comma-separated.",
    expected: 'origins, comma-separated',
    default: [],
    example: 'https://warroom.example.org,https://soc.example.org',
  }),
  trustedProxies: TextList('TRUSTED_PROXIES', {
    description:
      'The node trusts the `X-Forwarded-*` headers of requests from these IP addresses or networks. The list is comma-separated.',
    expected: 'IP addresses or CIDR networks, comma-separated',
    default: [],
    example: '10.0.0.0/8,127.0.0.1',
  }),
  maxBodyBytes: WholeNumber('HTTP_MAX_BODY_BYTES', {
    description: 'A request body may have at most this size.',
    unit: 'bytes',
    default: 524_288,
    minimum: 65_536,
    example: '524288',
  }),
  maxJsonDepth: WholeNumber('JSON_MAX_DEPTH', {
    description:
      "Objects and lists of a request body may be nested this deep, the body itself included. An agent's `message_content` may have one level less.",
    unit: 'levels',
    default: 33,
    minimum: 8,
    maximum: 100,
    example: '33',
  }),
  shutdownDrainMs: WholeNumber('SHUTDOWN_DRAIN_MS', {
    description:
      'A node that is shutting down still serves requests for this time. Its `/readyz` answers 503, so that a proxy chooses another node.',
    unit: 'ms',
    default: 500,
    minimum: 0,
    maximum: 60_000,
    example: '5000',
  }),
  searchMaxMessages: WholeNumber('SEARCH_MAX_MESSAGES', {
    description: 'One request for a search reads at most this many messages. The next request continues after them.',
    unit: 'messages',
    default: 5_000,
    minimum: 1,
    maximum: 100_000,
    example: '5000',
  }),
  maxPreviews: WholeNumber('PREVIEW_MAX_CONCURRENT', {
    description:
      'A node builds at most this many previews at once, because each searches a whole room for secrets. Four times as many may wait; each further request gets 503 `unavailable`.',
    unit: 'previews',
    default: 2,
    minimum: 1,
    maximum: 100,
    example: '2',
  }),
  queueBoardMaxReplies: WholeNumber('QUEUE_BOARD_MAX_REPLIES', {
    description:
      'The queue board shows at most this many failed replies. Its button that retries all failed replies reaches only the shown ones. The others appear afterwards.',
    unit: 'replies',
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    example: '1000',
  }),
})
