/** Everything that is bounded or timed on a WebSocket node. Bytes, milliseconds, counts. */
export const SOCKET_LIMITS = {
  /** A longer frame from a client closes its socket with 1009. */
  maxFrameBytes: 16 * 1024,
  roomsPerConnection: 50,
  connectionsPerUser: 20,
  /** A client that comes back subscribes to all its rooms at once: the burst has to hold them. */
  framesPerSecond: 20,
  framesBurst: 120,
  /** Frames that may wait for the one before them. */
  waitingFrames: 120,
  /** Each is answered with an error; the next one closes the socket with 1008. */
  malformedFrames: 5,
  authenticationMs: 10_000,

  /** More changed rows, or bytes of them, than this since `last_seq`: the newest page instead. */
  resumeRows: 500,
  resumeBytes: 4 * 1024 * 1024,
  pageRows: 50,
  /** Changes that wait for a subscription to be read; beyond, it is read again. */
  heldDeliveries: 500,
  /** Rooms and what was missed in them, read at once: when another node's sockets come over, sends still find a connection. */
  reads: 4,
  /** Rows in one read of what a node missed. */
  catchUpRows: 100,
  /** Hints that came before the one they follow are waited for so long, then MySQL is asked. */
  reorderMs: 10,

  /** A socket that has this much waiting gets no deltas, but a snapshot once it has drained. At least Node's high water mark. */
  softBufferBytes: 256 * 1024,
  /** A socket that has this much waiting is closed with 4408. Above `resumeBytes`, or nobody could ever resume. */
  hardBufferBytes: 8 * 1024 * 1024,
  /** A closed socket that doesn't go by itself is cut after this. */
  closeGraceMs: 2_000,

  heartbeatMs: 15_000,
  /** How often all hosted rooms are compared with MySQL. */
  compareMs: 3_000,
  rightsMs: 500,
  /** Without a look at the rights that began in this time, nothing of a room is delivered. */
  rightsMaxAgeMs: 1_000,
  /** One typing notice per socket and room in this time. */
  typingMs: 2_000,
  presenceMs: 50,

  /** Sockets are closed over this time when the node stops, and told to come back within the next one. */
  goawayMs: 2_000,
  reconnectWithinMs: 5_000,
}
export type SocketLimits = typeof SOCKET_LIMITS
