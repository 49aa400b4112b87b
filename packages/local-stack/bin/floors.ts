import { execFileSync } from 'node:child_process'
import { readCommandLine } from '@engineer-chat/process/commands'
import { writeFloors } from '../src/checks/floors.ts'

// npm run floors: updates .biome.jsonc and CONTRIBUTING.md from floors.json, and formats .biome.jsonc.
readCommandLine('floors')
writeFloors()
execFileSync('biome', ['format', '--write', '.biome.jsonc'], { stdio: 'inherit' })
