// Plain JavaScript, because it is loaded before anything else. To learn a file's format, Node 24 parses the package.json
// above it, again for each file. drizzle-orm's is 150 KB, so that its import took half a second of processor time and
// 250 MiB. These hooks tell Node the format, and resolve each entry of the package only once.
import { registerHooks } from 'node:module'

const entries = new Map()

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')) {
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    }
    if (!/^drizzle-orm(\/|$)/.test(specifier) || !context.conditions.includes('import')) {
      return nextResolve(specifier, context)
    }
    const entry = entries.get(specifier) ?? { ...nextResolve(specifier, context), shortCircuit: true }
    entries.set(specifier, entry)
    return entry
  },
})
