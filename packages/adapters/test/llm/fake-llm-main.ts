import { startFakeLlm } from './fake-llm.ts'

/**
 * Runs the fake provider as a process: `node fake-llm-main.ts [port]` prints its URL, and exits when its standard input
 * is closed.
 */
const fake = await startFakeLlm(Number(process.argv[2] ?? 0))
console.log(fake.url)

const end = () => fake.close().finally(() => process.exit(0))
process.on('SIGTERM', () => void end())
process.stdin.on('end', () => void end()).resume()
