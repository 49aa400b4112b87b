import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Registry } from 'prom-client'
import { createGauge } from './gauges.ts'

/** A container image has the repository's package.json at the same place, so that the version is written once. */
const MANIFEST = join(import.meta.dirname, '../../../../package.json')

/** Shows which build a process runs: the version, and the commit where it is known. The value is always 1. */
export function measureBuild(registry: Registry, { commit }: { commit?: string | undefined }): void {
  const { version }: { version: string } = JSON.parse(readFileSync(MANIFEST, 'utf8'))
  createGauge(
    registry,
    { name: 'engineer_chat_build_info', help: 'The build that this process runs.', labels: ['version', 'commit'] },
    () => [[{ version, commit: commit ?? '' }, 1]],
  )
}
