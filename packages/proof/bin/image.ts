import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildImage } from '@engineer-chat/proof'

// This program runs the steps of deploy/Dockerfile as plain commands, for machines without Docker. It installs the npm
// packages, but no Debian packages. The given folder gets one folder for each stage of the Dockerfile.

const [targetFolder] = process.argv.slice(2)
if (targetFolder === undefined) {
  console.error('usage: node packages/proof/bin/image.ts FOLDER')
  process.exit(2)
}
// This throws if the folder exists, because a stage must hold only what the Dockerfile puts there.
mkdirSync(targetFolder)
const image = buildImage({ targetFolder: resolve(targetFolder), linkPackages: false })
console.log(`Built in ${image.workdirFolder}; run there: ${[...image.entrypoint, ...image.command].join(' ')}`)
