/** Holds the default limits and times of a WebSocket node, in bytes, milliseconds and counts. */
export const SOCKET_LIMITS = {
  /** A longer frame from a client closes its socket with 1009. */
  maxFrameBytes: 16 * 1024,
  roomsPerConnection: 50,
  connectionsPerUser: 20,
  framesPerSecond: 20,
  /**
   * A client may send a burst of this many frames. A client that reconnects subscribes to all its rooms, so this limit
   * must be larger than `roomsPerConnection`.
   */
  framesBurst: 120,
  /** This many frames of a connection may be queued, the one being handled included. One more closes the socket. */
  maxWaitingFrames: 120,
  /** The server answers this many malformed frames with an error. The next one closes the socket with 1008. */
  maxMalformedFrames: 5,
  /** A socket whose user is not known after this time is closed. */
  authenticationTimeoutMs: 10_000,

  /**
   * A client that resumes gets the changes after `last_seq`, at most this many rows and bytes. If there are more, it
   * gets the newest page of messages instead.
   */
  resumeRows: 500,
  resumeBytes: 4 * 1024 * 1024,
  /** The newest page of messages has at most this many rows. */
  pageRows: 50,
  /** This many changes may wait while a subscription is read. With more of them, it is read again. */
  maxQueuedDeliveries: 500,
  /**
   * At most this many reads run at the same time, so that a question finds a free connection to MySQL while many
   * sockets of another node reconnect here.
   */
  maxConcurrentReads: 4,
  /** One read of missed changes returns at most this many rows. */
  catchUpRows: 100,
  /**
   * A hint that overtook others waits this long for the hints with lower sequence numbers. Then MySQL is read. The hint
   * `read_again` also causes a read after this time, one for all such hints that come within it.
   */
  reorderWaitMs: 10,

  /**
   * A socket with more waiting bytes gets no deltas. It gets a snapshot when these bytes are written. Node's
   * `highWaterMark` must not be above this limit, because a socket emits `drain` only after its waiting bytes have
   * reached the mark.
   */
  congestionThresholdBytes: 256 * 1024,
  /** A socket with more waiting bytes is closed with 4408. To let clients resume, the limit is above `resumeBytes`. */
  maxWaitingBytes: 8 * 1024 * 1024,
  /** A client that does not answer a close frame in this time is disconnected. */
  closeGraceMs: 2_000,

  /** Each connection is checked once in this time. */
  heartbeatMs: 15_000,
  /** All hosted rooms are compared with MySQL at this interval. */
  compareIntervalMs: 1_000,
  /** The rights of all connections are read at this interval. */
  rightsIntervalMs: 500,
  /** Rooms deliver nothing if the last successful read of the rights began longer ago than this. */
  rightsMaxAgeMs: 1_000,
  /** A socket sends at most one typing notice per room in this time. */
  typingIntervalMs: 2_000,
  /** At this interval, each connected person gets the changed items of their own inbox. */
  inboxIntervalMs: 1_000,
  /** A change of presence is announced after this delay, which grows with the number of users. */
  presenceDelayMs: 50,

  /**
   * When the node stops, it closes its sockets within this time, and the clients reconnect within `reconnectWithinMs`.
   */
  closeWithinMs: 2_000,
  reconnectWithinMs: 5_000,
}
export type SocketLimits = typeof SOCKET_LIMITS
