import { createSection, WholeNumber } from '../variable-types.ts'

export const socketsSection = createSection('WebSocket', {
  maxConnectionsPerUser: WholeNumber('WS_MAX_CONNECTIONS_PER_USER', {
    description: 'One user may have this many open sockets on one node. A further one is closed with 4429.',
    unit: 'connections',
    default: 20,
    minimum: 1,
    example: '20',
  }),
  maxRoomsPerConnection: WholeNumber('WS_MAX_ROOMS_PER_CONNECTION', {
    description: 'One socket may subscribe to this many rooms.',
    unit: 'rooms',
    default: 100,
    minimum: 1,
    example: '100',
  }),
  maxFrameBytes: WholeNumber('WS_MAX_FRAME_BYTES', {
    description: 'A client may send frames of at most this size. A larger one closes the socket with 1009.',
    unit: 'bytes',
    default: 16_384,
    minimum: 1_024,
    example: '16384',
  }),
  maxFramesPerMinute: WholeNumber('WS_MAX_FRAMES_PER_MINUTE', {
    description: 'The client of one socket may send this many frames. A further one closes the socket with 4429.',
    unit: 'frames per minute',
    default: 1_200,
    minimum: 60,
    example: '1200',
  }),
  maxBufferedBytes: WholeNumber('WS_MAX_BUFFERED_BYTES', {
    description:
      'A slow socket is closed with 4408 if more than this many bytes wait for it in memory. It gets no deltas while more than 262144 bytes wait.',
    unit: 'bytes',
    default: 8_388_608,
    minimum: 5_242_880,
    example: '8388608',
  }),
  heartbeatMs: WholeNumber('WS_HEARTBEAT_MS', {
    description: 'The node checks at this interval whether each socket is still alive.',
    unit: 'ms',
    default: 15_000,
    minimum: 100,
    example: '15000',
  }),
})
