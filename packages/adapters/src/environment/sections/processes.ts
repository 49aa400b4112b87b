import { Choice, createSection, optional, Port, TextValue, WholeNumber } from '../variable-types.ts'

// These variables apply to every process, or to workers.

export const processSection = createSection('Process', {
  mode: Choice('NODE_ENV', ['production', 'development', 'test'], {
    description: 'In `production`, which is the default, a known or guessable secret is refused.',
    default: 'production',
    example: 'production',
  }),
  logLevel: Choice('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'Log lines below this level are not written. Lines hold ids and codes, never the text of a message.',
    default: 'info',
    example: 'info',
  }),
  shutdownGraceMs: optional(
    WholeNumber('SHUTDOWN_GRACE_MS', {
      description:
        'Work in progress may continue for this time after SIGTERM, before it is handed to another process. If it is not set, it is 10 s for an API node, and for a worker the time that a call to its slowest model may take, so that no answer is paid for twice.',
      unit: 'ms',
      minimum: 0,
      example: '10000',
    }),
  ),
  buildCommit: optional(
    TextValue('BUILD_COMMIT', {
      description:
        'The build was made from this commit, which the metric `engineer_chat_build_info` shows. Images set it.',
      expected: 'a hexadecimal commit id',
      pattern: '^[0-9a-f]{7,64}$',
      example: '3833a27',
    }),
  ),
})

export const workerSection = createSection('Worker', {
  concurrency: WholeNumber('WORKER_CONCURRENCY', {
    description: 'One worker writes this many replies at once. They wait for models, not for the processor.',
    unit: 'replies',
    default: 50,
    minimum: 1,
    maximum: 1_000,
    example: '50',
  }),
  host: TextValue('WORKER_HOST', {
    description: "The worker's `/livez`, `/readyz` and `/metrics` listen on this address.",
    minLength: 1,
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  port: Port('WORKER_PORT', {
    description: "The worker's `/livez`, `/readyz` and `/metrics` listen on this port. 0 switches them off.",
    default: 0,
    example: '5107',
  }),
})
