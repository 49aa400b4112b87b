import { List, Switch, section, Text, Whole } from '../variable-types.ts'

// These variables limit what API nodes accept from outside.

export const httpSection = section('HTTP', {
  host: Text('HOST', {
    description: 'The address to listen on.',
    minLength: 1,
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  port: Whole('PORT', {
    description: 'The port to listen on; 0 lets the system pick one.',
    default: 5007,
    minimum: 0,
    maximum: 65_535,
    example: '5007',
  }),
  allowedOrigins: List('ALLOWED_ORIGINS', {
    description:
      "Origins whose pages may open a WebSocket or refresh a sign-in, besides the server's own; comma-separated.",
    expected: 'origins, comma-separated',
    default: [],
    example: 'https://warroom.example.org,https://soc.example.org',
  }),
  trustedProxies: List('TRUSTED_PROXIES', {
    description: 'Addresses or networks whose `X-Forwarded-*` headers are believed; comma-separated.',
    expected: 'IP addresses or CIDR networks, comma-separated',
    default: [],
    example: '10.0.0.0/8,127.0.0.1',
  }),
  maxBodyBytes: Whole('HTTP_MAX_BODY_BYTES', {
    description: 'The largest request body.',
    unit: 'bytes',
    default: 524_288,
    minimum: 65_536,
    example: '524288',
  }),
  maxJsonDepth: Whole('JSON_MAX_DEPTH', {
    description:
      'Objects and lists inside one another in a request body, the body itself included: what an agent posts as `message_content` may have one level less.',
    unit: 'levels',
    default: 33,
    minimum: 8,
    maximum: 100,
    example: '33',
  }),
  shutdownDrainMs: Whole('SHUTDOWN_DRAIN_MS', {
    description:
      'How long a node that was told to end still takes requests, while `/readyz` says 503 and a proxy looks elsewhere.',
    unit: 'ms',
    default: 500,
    minimum: 0,
    maximum: 60_000,
    example: '5000',
  }),
  searchMaxMessages: Whole('SEARCH_MAX_MESSAGES', {
    description: 'What one search looks through at most; the next one goes on from there.',
    unit: 'messages',
    default: 5_000,
    minimum: 1,
    maximum: 100_000,
    example: '5000',
  }),
  maxPreviews: Whole('PREVIEW_MAX_CONCURRENT', {
    description:
      'Previews that a node makes at once, as each looks through a whole room for secrets; some more wait, then it is 503 `unavailable`.',
    default: 2,
    minimum: 1,
    maximum: 100,
    example: '2',
  }),
  queueBoardMaxReplies: Whole('QUEUE_BOARD_MAX_REPLIES', {
    description:
      'Failed replies that the queue board pages through, and asks again by one press; those behind come up as these are asked.',
    unit: 'replies',
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    example: '1000',
  }),
})

export const signInSection = section('Signing in', {
  secret: Text('JWT_SECRET_KEY', {
    description: 'Signs access tokens; the same for all API nodes. Whoever knows it is everybody.',
    expected: 'at least 32 random characters, as `openssl rand -base64 48` prints them',
    minLength: 32,
    example: 'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
    secret: true,
  }),
  previousSecrets: List('JWT_PREVIOUS_SECRET_KEYS', {
    description:
      'Keys that `JWT_SECRET_KEY` had before: tokens that they signed are still good until their time is up; nothing is signed with them.',
    expected: 'secrets of at least 32 characters, comma-separated',
    minLength: 32,
    default: [],
    example: 'EXAMPLE-the-key-that-signed-until-an-hour-ago-0',
    secret: true,
  }),
  isPlainHttpAllowed: Switch('ALLOW_PLAIN_HTTP_SIGN_IN', {
    description:
      'Off loopback a password or a refresh token is refused unless it came by https, which a proxy of `TRUSTED_PROXIES` says. `true` takes them by plain http, for all on the way to read.',
    default: false,
    example: 'false',
  }),
  accessTokenSeconds: Whole('ACCESS_TOKEN_TTL', {
    description: 'How long an access token is good.',
    unit: 's',
    default: 900,
    minimum: 30,
    maximum: 86_400,
    example: '900',
  }),
  refreshTokenSeconds: Whole('REFRESH_TOKEN_TTL', {
    description: 'How long a browser stays signed in that is not used.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '2592000',
  }),
  socketTicketSeconds: Whole('WS_TICKET_TTL', {
    description: 'How long a WebSocket ticket is good, for one use.',
    unit: 's',
    default: 30,
    minimum: 1,
    maximum: 300,
    example: '30',
  }),
})

export const rateLimitsSection = section('Rate limits', {
  isEnabled: Switch('RATE_LIMIT_ENABLED', {
    description: '`false` switches request limits off, for load tests. Size limits stay.',
    default: true,
    example: 'false',
  }),
  sendsPerMinute: Whole('RATE_LIMIT_SENDS_PER_MINUTE', {
    description: 'Questions that one user may ask.',
    unit: 'requests per minute',
    default: 120,
    minimum: 1,
    example: '120',
  }),
  requestsPerMinute: Whole('RATE_LIMIT_REQUESTS_PER_MINUTE', {
    description: 'All other requests of one user.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  searchesPerMinute: Whole('RATE_LIMIT_SEARCHES_PER_MINUTE', {
    description: 'Searches by one user: each looks through up to `SEARCH_MAX_MESSAGES`.',
    unit: 'requests per minute',
    default: 60,
    minimum: 1,
    example: '60',
  }),
  previewsPerMinute: Whole('RATE_LIMIT_PREVIEWS_PER_MINUTE', {
    description: 'Previews of a question by one user.',
    unit: 'requests per minute',
    default: 30,
    minimum: 1,
    example: '30',
  }),
  exportsPerMinute: Whole('RATE_LIMIT_EXPORTS_PER_MINUTE', {
    description: 'Exports of a room by one user: each reads the whole room.',
    unit: 'requests per minute',
    default: 6,
    minimum: 1,
    example: '6',
  }),
  strangersPerMinute: Whole('RATE_LIMIT_ADDRESS_PER_MINUTE', {
    description: 'Requests of one address that no signed-in user answers for: logins, refreshes, and bad tokens.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  loginsPerMinute: Whole('RATE_LIMIT_LOGINS_PER_MINUTE', {
    description: 'Attempts to log in with one name from one address.',
    unit: 'requests per minute',
    default: 10,
    minimum: 1,
    example: '10',
  }),
})

export const socketsSection = section('WebSocket', {
  maxConnectionsPerUser: Whole('WS_MAX_CONNECTIONS_PER_USER', {
    description: 'Open sockets of one user on one node; one more is closed with 4429.',
    unit: 'connections',
    default: 20,
    minimum: 1,
    example: '20',
  }),
  maxRoomsPerConnection: Whole('WS_MAX_ROOMS_PER_CONNECTION', {
    description: 'Rooms that one socket may follow.',
    unit: 'rooms',
    default: 100,
    minimum: 1,
    example: '100',
  }),
  maxFrameBytes: Whole('WS_MAX_FRAME_BYTES', {
    description: 'The largest frame that a client may send; a larger one closes with 1009.',
    unit: 'bytes',
    default: 16_384,
    minimum: 1_024,
    example: '16384',
  }),
  maxFramesPerMinute: Whole('WS_MAX_FRAMES_PER_MINUTE', {
    description: 'Frames that one client may send; more close with 4429.',
    unit: 'frames per minute',
    default: 1_200,
    minimum: 60,
    example: '1200',
  }),
  maxBufferedBytes: Whole('WS_MAX_BUFFERED_BYTES', {
    description:
      'What may wait in memory for one slow socket before it is closed (4408); its deltas are dropped long before.',
    unit: 'bytes',
    default: 8_388_608,
    minimum: 5_242_880,
    example: '8388608',
  }),
  heartbeatMs: Whole('WS_HEARTBEAT_MS', {
    description: 'How often a socket is asked whether it still lives.',
    unit: 'ms',
    default: 15_000,
    minimum: 100,
    example: '15000',
  }),
})
