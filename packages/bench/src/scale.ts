/** Sets the amounts that each bench measures. `tiny` only proves that a bench works. */
export interface Scale {
  /**
   * Sets the number of tries of a measurement, and the longest wait of each until other programs use less of the machine.
   */
  waiting: { tries: number; waitMs: number }
  rounds: number
  send: {
    inFlight: number[]
    users: number
    rooms: number
    limits: { durationMs: number; requests: number }
    offeredPerSecond: number
  }
  fanout: {
    roomLoads: Array<{ rooms: number; sockets: number }>
    /** Each contender makes at least this many deliveries in each round. */
    deliveries: number
    /** Is the number of messages that a burst publishes within one tick. */
    burstMessages: number
    idle: { rooms: number; sockets: number; settleMs: number; reconnects: number }
  }
  inbox: { people: number; rooms: number; postsPerSecond: number; seconds: number }
  streaming: {
    loads: Array<{ replies: number; rooms: number }>
    pace: { piecesPerSecond: number; durationMs: number }
  }
  /** Has the numbers of jobs without work, of streamed replies, of replies that come at once, and of measured delays. */
  workers: { jobs: number; streamed: number; quick: number; pickUps: number }
  /** Sets how many people ask at once, in how many rooms, a model that takes so many calls at once. */
  burst: { questions: number; rooms: number; atOnce: number; answerMs: number }
  /** Sets how long Redis is away, and how many questions are asked in each second of it. */
  redisAway: { outageMs: number; perSecond: number }
  /** Has the lengths of the rooms, and the numbers of measured reads by cursor and by OFFSET. */
  history: { sizes: number[]; samples: number; offsets: number }
  /** Has the lengths of the rooms, and the number of questions of a round. */
  ranking: { sizes: number[]; questions: number }
  /** Has the length of the room, and the number of prompts of a round. */
  prompt: { messages: number; questions: number }
  /** Sets the pause after which the memory is read. */
  start: { restMs: number }
}

const ROOM_LOADS = [
  { rooms: 1, sockets: 100 },
  { rooms: 1, sockets: 1_000 },
  { rooms: 1, sockets: 5_000 },
  { rooms: 1_000, sockets: 5 },
]

/** The second load is small enough for a machine of two cores, even with a PUBLISH for each piece. */
const STREAMS = [
  { replies: 1_000, rooms: 100 },
  { replies: 200, rooms: 20 },
]

export const SCALES = {
  tiny: {
    waiting: { tries: 1, waitMs: 0 },
    rounds: 1,
    send: { inFlight: [4], users: 32, rooms: 4, limits: { durationMs: 60, requests: 100 }, offeredPerSecond: 50 },
    fanout: {
      roomLoads: [
        { rooms: 1, sockets: 5 },
        { rooms: 3, sockets: 2 },
      ],
      deliveries: 10,
      burstMessages: 4,
      idle: { rooms: 2, sockets: 5, settleMs: 10, reconnects: 1 },
    },
    inbox: { people: 5, rooms: 4, postsPerSecond: 10, seconds: 1 },
    streaming: { loads: [{ replies: 4, rooms: 2 }], pace: { piecesPerSecond: 50, durationMs: 200 } },
    workers: { jobs: 20, streamed: 4, quick: 6, pickUps: 2 },
    burst: { questions: 20, rooms: 4, atOnce: 5, answerMs: 100 },
    redisAway: { outageMs: 6_000, perSecond: 2 },
    history: { sizes: [200, 400], samples: 5, offsets: 1 },
    ranking: { sizes: [200], questions: 5 },
    prompt: { messages: 200, questions: 5 },
    start: { restMs: 1 },
  },
  short: {
    waiting: { tries: 2, waitMs: 2_000 },
    rounds: 3,
    send: {
      inFlight: [1, 64, 256],
      users: 8_192,
      rooms: 100,
      limits: { durationMs: 1_500, requests: 3_000 }, // A shorter measurement would measure the compiler.
      offeredPerSecond: 500,
    },
    fanout: {
      roomLoads: ROOM_LOADS,
      deliveries: 120_000,
      burstMessages: 16,
      idle: { rooms: 20, sockets: 100, settleMs: 2_000, reconnects: 2 },
    },
    inbox: { people: 500, rooms: 50, postsPerSecond: 100, seconds: 5 },
    streaming: { loads: STREAMS, pace: { piecesPerSecond: 50, durationMs: 2_000 } },
    workers: { jobs: 10_000, streamed: 1_000, quick: 1_000, pickUps: 50 },
    burst: { questions: 500, rooms: 20, atOnce: 10, answerMs: 1_000 },
    redisAway: { outageMs: 60_000, perSecond: 5 },
    history: { sizes: [10_000, 1_000_000], samples: 300, offsets: 1 },
    ranking: { sizes: [10_000, 100_000], questions: 300 },
    prompt: { messages: 10_000, questions: 200 },
    start: { restMs: 1_000 },
  },
  long: {
    waiting: { tries: 5, waitMs: 60_000 },
    rounds: 5,
    send: {
      inFlight: [1, 64, 256],
      users: 8_192,
      rooms: 100,
      limits: { durationMs: 2_500, requests: 100_000 },
      offeredPerSecond: 500,
    },
    fanout: {
      roomLoads: ROOM_LOADS,
      deliveries: 400_000,
      burstMessages: 16,
      idle: { rooms: 20, sockets: 100, settleMs: 2_000, reconnects: 5 },
    },
    inbox: { people: 500, rooms: 50, postsPerSecond: 100, seconds: 20 },
    streaming: {
      loads: [...STREAMS, { replies: 5_000, rooms: 100 }],
      pace: { piecesPerSecond: 50, durationMs: 5_000 },
    },
    workers: { jobs: 30_000, streamed: 1_000, quick: 5_000, pickUps: 200 },
    burst: { questions: 500, rooms: 20, atOnce: 10, answerMs: 1_000 },
    redisAway: { outageMs: 240_000, perSecond: 5 },
    history: { sizes: [10_000, 1_000_000, 5_000_000], samples: 1_000, offsets: 3 },
    ranking: { sizes: [10_000, 1_000_000], questions: 1_000 },
    prompt: { messages: 10_000, questions: 1_000 },
    start: { restMs: 2_000 },
  },
} satisfies Record<string, Scale>
