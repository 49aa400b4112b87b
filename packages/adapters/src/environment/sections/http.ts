import { List, Switch, section, Text, Whole } from '../variable-types.ts'

// These variables limit what API nodes accept from outside.

export const httpSection = section('HTTP', {
  host: Text('HOST', {
    description: 'The node listens on this address.',
    minLength: 1,
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  port: Whole('PORT', {
    description: 'The node listens on this port. 0 lets the system choose one.',
    default: 5007,
    minimum: 0,
    maximum: 65_535,
    example: '5007',
  }),
  allowedOrigins: List('ALLOWED_ORIGINS', {
    description:
      "Pages of these origins, and of the server's own, may open a WebSocket or refresh a sign-in. The list is comma-separated.",
    expected: 'origins, comma-separated',
    default: [],
    example: 'https://warroom.example.org,https://soc.example.org',
  }),
  trustedProxies: List('TRUSTED_PROXIES', {
    description:
      'The node trusts the `X-Forwarded-*` headers from these addresses or networks. The list is comma-separated.',
    expected: 'IP addresses or CIDR networks, comma-separated',
    default: [],
    example: '10.0.0.0/8,127.0.0.1',
  }),
  maxBodyBytes: Whole('HTTP_MAX_BODY_BYTES', {
    description: 'A request body may have at most this size.',
    unit: 'bytes',
    default: 524_288,
    minimum: 65_536,
    example: '524288',
  }),
  maxJsonDepth: Whole('JSON_MAX_DEPTH', {
    description:
      "Objects and lists of a request body may be nested this deep, the body itself included. An agent's `message_content` may have one level less.",
    unit: 'levels',
    default: 33,
    minimum: 8,
    maximum: 100,
    example: '33',
  }),
  shutdownDrainMs: Whole('SHUTDOWN_DRAIN_MS', {
    description:
      'A node that is shutting down still serves requests for this time. Its `/readyz` answers 503, so that a proxy chooses another node.',
    unit: 'ms',
    default: 500,
    minimum: 0,
    maximum: 60_000,
    example: '5000',
  }),
  searchMaxMessages: Whole('SEARCH_MAX_MESSAGES', {
    description: 'One search reads at most this many messages; the next one continues from there.',
    unit: 'messages',
    default: 5_000,
    minimum: 1,
    maximum: 100_000,
    example: '5000',
  }),
  maxPreviews: Whole('PREVIEW_MAX_CONCURRENT', {
    description:
      'A node builds at most this many previews at once, because each searches a whole room for secrets. A few more wait; beyond them the answer is 503 `unavailable`.',
    default: 2,
    minimum: 1,
    maximum: 100,
    example: '2',
  }),
  queueBoardMaxReplies: Whole('QUEUE_BOARD_MAX_REPLIES', {
    description:
      'The queue board shows, and retries at once, at most this many failed replies. The others appear after these were retried.',
    unit: 'replies',
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    example: '1000',
  }),
})

export const signInSection = section('Signing in', {
  secret: Text('JWT_SECRET_KEY', {
    description:
      'This key signs access tokens and must be the same on all API nodes. Anybody who knows it can sign in as any user.',
    expected: 'at least 32 random characters, as `openssl rand -base64 48` prints them',
    minLength: 32,
    example: 'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
    secret: true,
  }),
  previousSecrets: List('JWT_PREVIOUS_SECRET_KEYS', {
    description:
      'These are former values of `JWT_SECRET_KEY`. Tokens that they signed are valid until they expire, but they sign no new ones.',
    expected: 'secrets of at least 32 characters, comma-separated',
    minLength: 32,
    default: [],
    example: 'EXAMPLE-the-key-that-signed-until-an-hour-ago-0',
    secret: true,
  }),
  isPlainHttpAllowed: Switch('ALLOW_PLAIN_HTTP_SIGN_IN', {
    description:
      'A password or a refresh token from another machine is refused unless it came by https, as the server or a proxy of `TRUSTED_PROXIES` reports. `true` accepts plain http, which everybody on the way can read.',
    default: false,
    example: 'false',
  }),
  accessTokenSeconds: Whole('ACCESS_TOKEN_TTL', {
    description: 'An access token is valid for this time.',
    unit: 's',
    default: 900,
    minimum: 30,
    maximum: 86_400,
    example: '900',
  }),
  refreshTokenSeconds: Whole('REFRESH_TOKEN_TTL', {
    description: 'A browser that is not used stays signed in for this time.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '2592000',
  }),
  maxAgeSeconds: Whole('SIGN_IN_MAX_AGE', {
    description:
      'A sign-in ends this long after its login, also in a browser that is used all the time. The user then signs in again.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '604800',
  }),
  deviceSeconds: Whole('DEVICE_COOKIE_TTL', {
    description:
      'A browser in which a user signed in is known for this time. Limits count its logins apart, so that nobody else can lock the user out.',
    unit: 's',
    default: 15_552_000,
    minimum: 3_600,
    example: '15552000',
  }),
  socketTicketSeconds: Whole('WS_TICKET_TTL', {
    description: 'A WebSocket ticket is valid for this time and for one use.',
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
    description: 'One user may ask this many questions.',
    unit: 'requests per minute',
    default: 120,
    minimum: 1,
    example: '120',
  }),
  requestsPerMinute: Whole('RATE_LIMIT_REQUESTS_PER_MINUTE', {
    description: 'One user may send this many other requests.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  searchesPerMinute: Whole('RATE_LIMIT_SEARCHES_PER_MINUTE', {
    description: 'One user may run this many searches. Each reads up to `SEARCH_MAX_MESSAGES` messages.',
    unit: 'requests per minute',
    default: 60,
    minimum: 1,
    example: '60',
  }),
  previewsPerMinute: Whole('RATE_LIMIT_PREVIEWS_PER_MINUTE', {
    description: 'One user may preview this many questions.',
    unit: 'requests per minute',
    default: 30,
    minimum: 1,
    example: '30',
  }),
  exportsPerMinute: Whole('RATE_LIMIT_EXPORTS_PER_MINUTE', {
    description: 'One user may export this many rooms. Each export reads a whole room.',
    unit: 'requests per minute',
    default: 6,
    minimum: 1,
    example: '6',
  }),
  unknownCallersPerMinute: Whole('RATE_LIMIT_ADDRESS_PER_MINUTE', {
    description: 'One address may send this many requests without a valid sign-in: logins, refreshes, and bad tokens.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  loginsPerMinute: Whole('RATE_LIMIT_LOGINS_PER_MINUTE', {
    description: 'One address may try to log in with one name this many times.',
    unit: 'requests per minute',
    default: 10,
    minimum: 1,
    example: '10',
  }),
  loginsPerHour: Whole('RATE_LIMIT_NAME_PER_HOUR', {
    description:
      'All unknown devices and networks together may try to log in with one name this many times. A device or network that signed in with the name before has this limit for itself.',
    unit: 'requests per hour',
    default: 100,
    minimum: 1,
    example: '100',
  }),
})

export const socketsSection = section('WebSocket', {
  maxConnectionsPerUser: Whole('WS_MAX_CONNECTIONS_PER_USER', {
    description: 'One user may have this many open sockets on one node. A further one is closed with 4429.',
    unit: 'connections',
    default: 20,
    minimum: 1,
    example: '20',
  }),
  maxRoomsPerConnection: Whole('WS_MAX_ROOMS_PER_CONNECTION', {
    description: 'One socket may subscribe to this many rooms.',
    unit: 'rooms',
    default: 100,
    minimum: 1,
    example: '100',
  }),
  maxFrameBytes: Whole('WS_MAX_FRAME_BYTES', {
    description: 'A client may send frames of at most this size. A larger one closes the socket with 1009.',
    unit: 'bytes',
    default: 16_384,
    minimum: 1_024,
    example: '16384',
  }),
  maxFramesPerMinute: Whole('WS_MAX_FRAMES_PER_MINUTE', {
    description: 'One client may send this many frames. More close the socket with 4429.',
    unit: 'frames per minute',
    default: 1_200,
    minimum: 60,
    example: '1200',
  }),
  maxBufferedBytes: Whole('WS_MAX_BUFFERED_BYTES', {
    description:
      'A slow socket with more waiting bytes in memory is closed with 4408. Its deltas are dropped long before.',
    unit: 'bytes',
    default: 8_388_608,
    minimum: 5_242_880,
    example: '8388608',
  }),
  heartbeatMs: Whole('WS_HEARTBEAT_MS', {
    description: 'Each socket is checked at this interval for whether it is still alive.',
    unit: 'ms',
    default: 15_000,
    minimum: 100,
    example: '15000',
  }),
})
