/** How much of each thing is measured. `tiny` proves that a bench works, and nothing else. */
export interface Scale {
  rounds: number
  send: { inFlight: number[]; users: number; rooms: number; window_ms: number; offered: number }
}

export const SCALES = {
  tiny: {
    rounds: 1,
    send: { inFlight: [4], users: 32, rooms: 4, window_ms: 60, offered: 50 },
  },
  short: {
    rounds: 3,
    send: { inFlight: [1, 64, 256], users: 8_192, rooms: 100, window_ms: 600, offered: 500 },
  },
  long: {
    rounds: 5,
    send: { inFlight: [1, 64, 256], users: 8_192, rooms: 100, window_ms: 2_500, offered: 500 },
  },
} satisfies Record<string, Scale>
