import { startFakeLlm } from './fake-llm.ts'

/**
 * Runs the fake provider as a process: `node fake-llm-main.ts [port]` prints its url, and ends with its parent's pipe.
 */
const fake = await startFakeLlm(Number(process.argv[2] ?? 0))
console.log(fake.url)

const end = () => fake.close().finally(() => process.exit(0))
process.on('SIGTERM', () => void end())
process.stdin.on('end', () => void end()).resume()
