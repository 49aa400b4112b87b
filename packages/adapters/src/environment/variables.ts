import { type Static, Type } from 'typebox'
import { List, Switch, Text, Whole } from './kinds.ts'
import { modelVariables } from './model-variables.ts'
import { voiceVariables } from './voice-variables.ts'

const processVariables = {
  NODE_ENV: Type.Enum(['production', 'development', 'test'], {
    description: 'In `production`, which is also what counts without it, a known or guessable secret is refused.',
    default: 'production',
    example: 'production',
  }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'The least important lines that are written. Lines hold ids and codes, never a message.',
    default: 'info',
    example: 'info',
  }),
  SHUTDOWN_GRACE_MS: Whole({
    description: 'How long work in flight may go on after SIGTERM before it is handed to another process.',
    unit: 'ms',
    default: 10_000,
    minimum: 0,
    example: '10000',
  }),
}

const serverVariables = {
  DATABASE_URL: Text({
    description: 'MySQL 8.4+ or MariaDB 10.11+, which hold the truth.',
    expected: 'a URL like mysql://user:password@host:port/database',
    pattern: '^(mysql|mariadb)://[^\\s/]+/[^\\s/]+$',
    example: 'mysql://engineer_chat:password@127.0.0.1:3306/engineer_chat',
    secret: true,
  }),
  DATABASE_POOL_SIZE: Whole({
    description: 'Connections to MySQL that one process keeps at most.',
    unit: 'connections',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
  REDIS_URL: Text({
    description:
      'Redis 7+ or Valkey: queue and hints, which may be lost at any moment. Must run with `noeviction`. One server, the primary that Sentinels name (`redis+sentinel://[user:password@]host:26379,…/NAME[/db][?sentinel_password=…&sentinel_username=…]`), or a cluster (`redis+cluster://[user:password@]host:6379,…`); `rediss` for TLS.',
    expected:
      'a URL like redis://host:port, redis+sentinel://host:26379,host:26379/mymaster or redis+cluster://host:6379,host:6379, with user:password@ before the first host and rediss for TLS',
    pattern: '^rediss?(\\+(sentinel|cluster))?://\\S+$',
    example: 'redis://127.0.0.1:6379',
    secret: true,
  }),
  REDIS_NAMESPACE: Text({
    description: 'What the name of every key and channel begins with. All processes of one installation share it.',
    expected: 'lower-case letters, digits, - and _',
    pattern: '^[a-z0-9_-]{1,64}$',
    default: 'ec',
    example: 'ec',
  }),
}

const assistantVariables = {
  LLM_BASE_URL: Type.Optional(
    Text({
      description:
        'An OpenAI-compatible endpoint, up to and without `/chat/completions`. Without it the built-in offline analyst answers.',
      expected: 'a URL that begins with http:// or https://',
      pattern: '^https?://\\S+$',
      example: 'https://api.deepseek.com/v1',
    }),
  ),
  LLM_API_KEY: Type.Optional(
    Text({
      description: "The endpoint's key, sent as `Bearer`.",
      example: 'sk-0123456789',
      pattern: '^[\\x21-\\x7e]+$',
      secret: true,
    }),
  ),
  LLM_MODEL: Type.Optional(
    Text({ description: 'The model to ask; needed with `LLM_BASE_URL`.', minLength: 1, example: 'deepseek-chat' }),
  ),
  LLM_TEMPERATURE: Type.Optional(
    Type.Number({
      description: 'Sent only if set: some models refuse every value but their own default.',
      minimum: 0,
      maximum: 2,
      example: '0.3',
    }),
  ),
  LLM_EXTRA_BODY: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Fields that are added to each request, for what a provider wants beyond the others.',
      expected: 'a JSON object',
      example: '{"enable_thinking":false}',
    }),
  ),
  LLM_CONTEXT_TOKENS: Whole({
    description: 'The context window of a model for which none is known: prompt and answer together.',
    unit: 'tokens',
    default: 32_768,
    minimum: 4_096,
    maximum: 10_000_000,
    example: '131072',
  }),
  LLM_ANSWER_TOKENS: Whole({
    description: 'How much of it is kept free for the answer of a model that has no limit of its own.',
    unit: 'tokens',
    default: 4_096,
    minimum: 256,
    maximum: 1_000_000,
    example: '4096',
  }),
  FACTS_CACHE_TTL: Whole({
    description:
      'How long Redis keeps the facts of an event and its latest summary for prompts. They are compared with MySQL whenever they are used, so they are never out of date. 0: read anew each time.',
    unit: 's',
    default: 600,
    minimum: 0,
    maximum: 86_400,
    example: '600',
  }),
  LLM_REDACT_MAIL: Switch({
    description:
      'Whether the names of mail addresses are hidden from models, as keys, passwords and personal numbers always are; their domains stay.',
    default: true,
    example: 'true',
  }),
  ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: Switch({
    description:
      'Whether admins who review flagged replies see the text of private sessions, too. Each look at one is put on record.',
    default: false,
    example: 'false',
  }),
  ENGINEER_CHAT_MAX_ROUNDS: Whole({
    description: 'Questions per session.',
    unit: 'questions',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
  ENGINEER_CHAT_AI_TIMEOUT: Whole({
    description: 'How long one call to a model may take in all.',
    unit: 's',
    default: 30,
    minimum: 1,
    maximum: 3_600,
    example: '30',
  }),
  ENGINEER_CHAT_CONTEXT_HISTORY_LIMIT: Whole({
    description: 'Messages of the session that a model is told, newest first, questions and answers counted alike.',
    unit: 'messages',
    default: 20,
    minimum: 0,
    maximum: 200,
    example: '20',
  }),
  ENGINEER_CHAT_SESSION_CLEANUP_INTERVAL: Whole({
    description: 'How often a worker closes idle sessions and removes what has expired.',
    unit: 's',
    default: 3_600,
    minimum: 1,
    example: '3600',
  }),
  ENGINEER_CHAT_SESSION_IDLE_HOURS: Whole({
    description: 'A session without a question for so long is closed: the next question starts a new one. 0: never.',
    unit: 'h',
    default: 72,
    minimum: 0,
    example: '72',
  }),
  RETENTION_DAYS: Whole({
    description:
      'Chats (sessions, their messages, calls, feedback, and how far their asker read the room) older than this are removed, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 0,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  RECORDS_RETENTION_DAYS: Whole({
    description:
      'Records of calls to models (with their prompts, if kept) and to voice, flags of answers and what was made of them, earlier versions of answers, and changes of events are removed when they are older, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '90',
  }),
  AUDIT_RETENTION_DAYS: Whole({
    description: 'Lines of the audit older than this are removed, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  SPEND_RETENTION_DAYS: Whole({
    description:
      'How long what a user, or everybody, spent on a day is kept, for who asks where it went. An event’s spend is kept for ever.',
    unit: 'days',
    default: 31,
    minimum: 1,
    maximum: 36_500,
    example: '90',
  }),
}

const workerVariables = {
  WORKER_CONCURRENCY: Whole({
    description: 'Replies that one worker writes at once; they wait for models, not for the processor.',
    unit: 'replies',
    default: 50,
    minimum: 1,
    maximum: 1_000,
    example: '50',
  }),
  WORKER_HOST: Text({
    description: "The address that the worker's `/livez`, `/readyz` and `/metrics` listen on.",
    minLength: 1,
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  WORKER_PORT: Whole({
    description: 'Their port; 0 switches them off.',
    default: 0,
    minimum: 0,
    maximum: 65_535,
    example: '5107',
  }),
}

const httpVariables = {
  HOST: Text({ description: 'The address to listen on.', minLength: 1, default: '127.0.0.1', example: '0.0.0.0' }),
  PORT: Whole({
    description: 'The port to listen on; 0 lets the system pick one.',
    default: 5007,
    minimum: 0,
    maximum: 65_535,
    example: '5007',
  }),
  JWT_SECRET_KEY: Text({
    description: 'Signs access tokens; the same for all API nodes. Whoever knows it is everybody.',
    expected: 'at least 32 random characters, as `openssl rand -base64 48` prints them',
    minLength: 32,
    example: 'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
    secret: true,
  }),
  JWT_PREVIOUS_SECRET_KEYS: List({
    description:
      'Keys that `JWT_SECRET_KEY` had before: tokens that they signed are still good until their time is up; nothing is signed with them.',
    expected: 'secrets of at least 32 characters, comma-separated',
    minLength: 32,
    default: [],
    example: 'EXAMPLE-the-key-that-signed-until-an-hour-ago-0',
    secret: true,
  }),
  ALLOW_PLAIN_HTTP_SIGN_IN: Switch({
    description:
      'Off loopback a password or a refresh token is refused unless it came by https, which a proxy of `TRUSTED_PROXIES` says. `true` takes them by plain http, for all on the way to read.',
    default: false,
    example: 'false',
  }),
  ACCESS_TOKEN_TTL: Whole({
    description: 'How long an access token is good.',
    unit: 's',
    default: 900,
    minimum: 30,
    maximum: 86_400,
    example: '900',
  }),
  REFRESH_TOKEN_TTL: Whole({
    description: 'How long a browser stays signed in that is not used.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '2592000',
  }),
  WS_TICKET_TTL: Whole({
    description: 'How long a WebSocket ticket is good, for one use.',
    unit: 's',
    default: 30,
    minimum: 1,
    maximum: 300,
    example: '30',
  }),
  ALLOWED_ORIGINS: List({
    description:
      "Origins whose pages may open a WebSocket or refresh a sign-in, besides the server's own; comma-separated.",
    expected: 'origins, comma-separated',
    default: [],
    example: 'https://warroom.example.org,https://soc.example.org',
  }),
  TRUSTED_PROXIES: List({
    description: 'Addresses or networks whose `X-Forwarded-*` headers are believed; comma-separated.',
    expected: 'IP addresses or CIDR networks, comma-separated',
    default: [],
    example: '10.0.0.0/8,127.0.0.1',
  }),
  HTTP_MAX_BODY_BYTES: Whole({
    description: 'The largest request body.',
    unit: 'bytes',
    default: 524_288,
    minimum: 65_536,
    example: '524288',
  }),
  SHUTDOWN_DRAIN_MS: Whole({
    description:
      'How long a node that was told to end still takes requests, while `/readyz` says 503 and a proxy looks elsewhere.',
    unit: 'ms',
    default: 500,
    minimum: 0,
    maximum: 60_000,
    example: '5000',
  }),
  RATE_LIMIT_ENABLED: Switch({
    description: '`false` switches request limits off, for load tests. Size limits stay.',
    default: true,
    example: 'false',
  }),
  RATE_LIMIT_SENDS_PER_MINUTE: Whole({
    description: 'Questions that one user may ask.',
    unit: 'requests per minute',
    default: 120,
    minimum: 1,
    example: '120',
  }),
  RATE_LIMIT_REQUESTS_PER_MINUTE: Whole({
    description: 'All other requests of one user.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  RATE_LIMIT_SEARCHES_PER_MINUTE: Whole({
    description: 'Searches by one user: each looks through up to `SEARCH_MAX_MESSAGES`.',
    unit: 'requests per minute',
    default: 60,
    minimum: 1,
    example: '60',
  }),
  SEARCH_MAX_MESSAGES: Whole({
    description: 'What one search looks through at most; the next one goes on from there.',
    unit: 'messages',
    default: 5_000,
    minimum: 1,
    maximum: 100_000,
    example: '5000',
  }),
  QUEUE_BOARD_MAX_REPLIES: Whole({
    description:
      'Failed replies that the queue board pages through, and asks again by one press; those behind come up as these are asked.',
    unit: 'replies',
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    example: '1000',
  }),
  RATE_LIMIT_EXPORTS_PER_MINUTE: Whole({
    description: 'Exports of a room by one user: each reads the whole room.',
    unit: 'requests per minute',
    default: 6,
    minimum: 1,
    example: '6',
  }),
  RATE_LIMIT_ADDRESS_PER_MINUTE: Whole({
    description: 'Requests of one address that no signed-in user answers for: logins, refreshes, and bad tokens.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  RATE_LIMIT_LOGINS_PER_MINUTE: Whole({
    description: 'Attempts to log in with one name from one address.',
    unit: 'requests per minute',
    default: 10,
    minimum: 1,
    example: '10',
  }),
}

const socketVariables = {
  WS_MAX_CONNECTIONS_PER_USER: Whole({
    description: 'Open sockets of one user on one node; one more is closed with 4429.',
    unit: 'connections',
    default: 20,
    minimum: 1,
    example: '20',
  }),
  WS_MAX_ROOMS_PER_CONNECTION: Whole({
    description: 'Rooms that one socket may follow.',
    unit: 'rooms',
    default: 100,
    minimum: 1,
    example: '100',
  }),
  WS_MAX_FRAME_BYTES: Whole({
    description: 'The largest frame that a client may send; a larger one closes with 1009.',
    unit: 'bytes',
    default: 16_384,
    minimum: 1_024,
    example: '16384',
  }),
  WS_MAX_FRAMES_PER_MINUTE: Whole({
    description: 'Frames that one client may send; more close with 4429.',
    unit: 'frames per minute',
    default: 1_200,
    minimum: 60,
    example: '1200',
  }),
  WS_MAX_BUFFERED_BYTES: Whole({
    description:
      'What may wait in memory for one slow socket before it is closed (4408); its deltas are dropped long before.',
    unit: 'bytes',
    default: 8_388_608,
    minimum: 5_242_880,
    example: '8388608',
  }),
  WS_HEARTBEAT_MS: Whole({
    description: 'How often a socket is asked whether it still lives.',
    unit: 'ms',
    default: 15_000,
    minimum: 100,
    example: '15000',
  }),
}

/** In the order of the reference; each heading with its variables. */
export const GROUPS = {
  Process: processVariables,
  Servers: serverVariables,
  'HTTP and signing in': httpVariables,
  WebSocket: socketVariables,
  Assistant: assistantVariables,
  'Models and budgets': modelVariables,
  Voice: voiceVariables,
  Worker: workerVariables,
}

/** Everything that can be set. */
export const Environment = Type.Object({
  ...processVariables,
  ...serverVariables,
  ...httpVariables,
  ...socketVariables,
  ...assistantVariables,
  ...modelVariables,
  ...voiceVariables,
  ...workerVariables,
})
export type Environment = Readonly<Static<typeof Environment>>

/** A worker signs nothing and listens to nobody: it is not asked for the secret. */
export const WorkerEnvironment = Type.Object({
  ...processVariables,
  ...serverVariables,
  ...assistantVariables,
  ...modelVariables,
  ...workerVariables,
})
export type WorkerEnvironment = Readonly<Static<typeof WorkerEnvironment>>
