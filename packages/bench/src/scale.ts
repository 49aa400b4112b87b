/** Sets the amounts that each bench measures. The scale `tiny` only proves that a bench works. */
export interface Scale {
  /**
   * Sets how often a measurement is tried. Before each try, the bench waits at most `waitMs` until other programs use
   * less of the machine.
   */
  repetition: { tries: number; waitMs: number }
  /** Sets the number of rounds. In each round of a bench, every contender is measured once. */
  rounds: number
  send: {
    /** Lists numbers of concurrent requests. With each of these numbers, one measurement is made. */
    inFlight: number[]
    users: number
    rooms: number
    /** A measurement ends after this time or after this number of requests. */
    limits: { durationMs: number; requests: number }
    /** Sets the rate of the requests that are sent even when earlier responses are late. */
    offeredPerSecond: number
    /** The offered load begins with this time, whose questions are reported apart. */
    warmUpMs: number
  }
  fanout: {
    /** Lists loads. `sockets` is the number of sockets in each room. */
    roomLoads: Array<{ rooms: number; sockets: number }>
    /** Each contender makes at least this many deliveries in each round. */
    deliveries: number
    /** Sets the number of messages that a burst publishes within one tick. */
    burstMessages: number
    /**
     * Sets the number of sockets in each room. They rest for `settleMs` before their memory is read. Then all of them
     * reconnect `reconnects` times.
     */
    idle: { rooms: number; sockets: number; settleMs: number; reconnects: number }
  }
  inbox: { people: number; rooms: number; postsPerSecond: number; seconds: number }
  streaming: {
    loads: Array<{ replies: number; rooms: number }>
    /** Sets how many pieces of text each reply gets per second, and how long they are published. */
    pace: { piecesPerSecond: number; durationMs: number }
  }
  workers: {
    /** Sets the number of jobs that do nothing. */
    jobs: number
    /** Sets the number of replies of a round whose pieces come one after another. */
    streamedReplies: number
    /** Sets the number of replies of a round whose model answers immediately. */
    instantReplies: number
    /** Sets how often the delay between a question and the call of the model is measured. */
    callDelaySamples: number
  }
  /**
   * Sets the number of users who ask, the number of rooms in which they ask, and the number of questions of a round.
   */
  answers: { users: number; rooms: number; questions: number }
  /**
   * Sets how many users ask one question each at the same time, in how many rooms, how many concurrent calls the model
   * takes, and how long it takes for an answer.
   */
  burst: { questions: number; rooms: number; maxConcurrent: number; answerMs: number }
  /** Sets the length of the outage of Redis, and how many questions are asked in each second of it. */
  redisAway: { outageMs: number; questionsPerSecond: number }
  /** Sets the number of messages of each room, and how many reads by cursor and by OFFSET are measured. */
  history: { sizes: number[]; cursorSamples: number; offsetSamples: number }
  /**
   * Sets the number of messages of each room, the number of questions of a round, and how many rooms with a new message
   * are indexed.
   */
  ranking: { sizes: number[]; questions: number; visitedRooms: number }
  /** Sets the number of events, and the number of calls of a round. */
  similar: { events: number; calls: number }
  /** Sets the number of messages of the room, and the number of prompts of a round. */
  prompt: { messages: number; questions: number }
  /** Sets the number of rows of the audit, and for how many seconds its writer is measured while nothing else runs. */
  retention: { rows: number; restSeconds: number }
  /** Sets the pause between the start and the measurement of the memory. */
  start: { restMs: number }
  /** Sets how long a process rests, and how often `/metrics` is read. */
  idle: { restMs: number; scrapes: number }
  /** Sets how long the load lasts, and how many users ask in how many rooms. */
  memory: { seconds: number; users: number; rooms: number }
}

const ROOM_LOADS = [
  { rooms: 1, sockets: 100 },
  { rooms: 1, sockets: 1_000 },
  { rooms: 1, sockets: 5_000 },
  { rooms: 1_000, sockets: 5 },
]

/** A machine of two cores can process the second load, even with a PUBLISH for each piece. */
const STREAM_LOADS = [
  { replies: 1_000, rooms: 100 },
  { replies: 200, rooms: 20 },
]

export const SCALES = {
  tiny: {
    repetition: { tries: 1, waitMs: 0 },
    rounds: 1,
    send: {
      inFlight: [4],
      users: 32,
      rooms: 4,
      limits: { durationMs: 60, requests: 100 },
      offeredPerSecond: 50,
      warmUpMs: 40,
    },
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
    workers: { jobs: 20, streamedReplies: 4, instantReplies: 6, callDelaySamples: 2 },
    answers: { users: 16, rooms: 4, questions: 70 },
    burst: { questions: 20, rooms: 4, maxConcurrent: 5, answerMs: 100 },
    redisAway: { outageMs: 6_000, questionsPerSecond: 2 },
    history: { sizes: [200, 400], cursorSamples: 5, offsetSamples: 1 },
    ranking: { sizes: [200], questions: 5, visitedRooms: 4 },
    similar: { events: 50, calls: 5 },
    prompt: { messages: 200, questions: 5 },
    retention: { rows: 3_000, restSeconds: 1 },
    start: { restMs: 1 },
    idle: { restMs: 100, scrapes: 3 },
    memory: { seconds: 4, users: 200, rooms: 10 },
  },
  short: {
    repetition: { tries: 2, waitMs: 2_000 },
    rounds: 3,
    send: {
      inFlight: [1, 64, 256],
      users: 8_192,
      rooms: 100,
      limits: { durationMs: 1_500, requests: 3_000 }, // In a shorter measurement the code is still being compiled.
      offeredPerSecond: 500,
      warmUpMs: 500,
    },
    fanout: {
      roomLoads: ROOM_LOADS,
      deliveries: 120_000,
      burstMessages: 16,
      idle: { rooms: 20, sockets: 100, settleMs: 2_000, reconnects: 2 },
    },
    inbox: { people: 500, rooms: 50, postsPerSecond: 100, seconds: 5 },
    streaming: { loads: STREAM_LOADS, pace: { piecesPerSecond: 50, durationMs: 2_000 } },
    workers: { jobs: 10_000, streamedReplies: 1_000, instantReplies: 1_000, callDelaySamples: 50 },
    answers: { users: 40, rooms: 150, questions: 2_000 },
    burst: { questions: 500, rooms: 20, maxConcurrent: 10, answerMs: 1_000 },
    redisAway: { outageMs: 60_000, questionsPerSecond: 5 },
    history: { sizes: [10_000, 1_000_000], cursorSamples: 300, offsetSamples: 1 },
    ranking: { sizes: [10_000, 100_000], questions: 300, visitedRooms: 200 },
    similar: { events: 10_000, calls: 100 },
    prompt: { messages: 10_000, questions: 200 },
    retention: { rows: 200_000, restSeconds: 5 },
    start: { restMs: 1_000 },
    idle: { restMs: 20_000, scrapes: 50 },
    memory: { seconds: 60, users: 2_000, rooms: 100 },
  },
  long: {
    repetition: { tries: 5, waitMs: 60_000 },
    rounds: 5,
    send: {
      inFlight: [1, 64, 256],
      users: 8_192,
      rooms: 100,
      limits: { durationMs: 2_500, requests: 100_000 },
      offeredPerSecond: 500,
      warmUpMs: 500,
    },
    fanout: {
      roomLoads: ROOM_LOADS,
      deliveries: 400_000,
      burstMessages: 16,
      idle: { rooms: 20, sockets: 100, settleMs: 2_000, reconnects: 5 },
    },
    inbox: { people: 500, rooms: 50, postsPerSecond: 100, seconds: 20 },
    streaming: {
      loads: [...STREAM_LOADS, { replies: 5_000, rooms: 100 }],
      pace: { piecesPerSecond: 50, durationMs: 5_000 },
    },
    workers: { jobs: 30_000, streamedReplies: 1_000, instantReplies: 5_000, callDelaySamples: 200 },
    answers: { users: 40, rooms: 150, questions: 2_000 },
    burst: { questions: 500, rooms: 20, maxConcurrent: 10, answerMs: 1_000 },
    redisAway: { outageMs: 240_000, questionsPerSecond: 5 },
    history: { sizes: [10_000, 1_000_000, 5_000_000], cursorSamples: 1_000, offsetSamples: 3 },
    ranking: { sizes: [10_000, 1_000_000], questions: 1_000, visitedRooms: 200 },
    similar: { events: 10_000, calls: 500 },
    prompt: { messages: 10_000, questions: 1_000 },
    retention: { rows: 5_000_000, restSeconds: 10 },
    start: { restMs: 2_000 },
    idle: { restMs: 60_000, scrapes: 200 },
    memory: { seconds: 540, users: 2_000, rooms: 100 },
  },
} satisfies Record<string, Scale>
