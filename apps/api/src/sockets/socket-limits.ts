/** Everything that is bounded or timed on a WebSocket node. Bytes, milliseconds, counts. */
export const SOCKET_LIMITS = {
  /** A longer frame from a client closes its socket with 1009. */
  max_frame_bytes: 16 * 1024,
  rooms_per_connection: 50,
  connections_per_user: 20,
  /** A client that comes back subscribes to all its rooms at once: the burst has to hold them. */
  frames_per_second: 20,
  frames_burst: 120,
  /** Frames that may wait for the one before them. */
  waiting_frames: 120,
  /** Each is answered with an error; the next one closes the socket with 1008. */
  malformed_frames: 5,
  authentication_ms: 10_000,

  /** More changed rows, or bytes of them, than this since `last_seq`: the newest page instead. */
  resume_rows: 500,
  resume_bytes: 4 * 1024 * 1024,
  page_rows: 50,
  /** Changes that wait for a subscription to be read; beyond, it is read again. */
  held_deliveries: 500,
  /** Rooms and what was missed in them, read at once: when another node's sockets come over, sends still find a connection. */
  reads: 4,
  /** Rows in one read of what a node missed. */
  catch_up_rows: 100,
  /** Hints that came before the one they follow are waited for so long, then MySQL is asked. */
  reorder_ms: 10,

  /** A socket that has this much waiting gets no deltas, but a snapshot once it has drained. At least Node's high water mark. */
  soft_buffer_bytes: 256 * 1024,
  /** A socket that has this much waiting is closed with 4408. Above `resume_bytes`, or nobody could ever resume. */
  hard_buffer_bytes: 8 * 1024 * 1024,
  /** A closed socket that doesn't go by itself is cut after this. */
  close_grace_ms: 2_000,

  heartbeat_ms: 15_000,
  /** How often all hosted rooms are compared with MySQL. */
  compare_ms: 3_000,
  rights_ms: 500,
  /** Without a look at the rights that began in this time, nothing of a room is delivered. */
  rights_max_age_ms: 1_000,
  /** One typing notice per socket and room in this time. */
  typing_ms: 2_000,
  presence_ms: 50,

  /** Sockets are closed over this time when the node stops, and told to come back within the next one. */
  goaway_ms: 2_000,
  reconnect_within_ms: 5_000,
}
export type SocketLimits = typeof SOCKET_LIMITS
