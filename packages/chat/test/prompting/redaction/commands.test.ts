import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { createRestorer } from '../../../src/prompting/redaction/restorer.ts'
import { createSecretSample, expandTemplate } from '../../../testing/sample-template.ts'
import { HARMLESS_COMMANDS, SECRET_COMMANDS } from './fixtures/commands.ts'

function redact(text: string): string {
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  const restorer = createRestorer(redactor)
  t.equal(restorer.push(redacted) + restorer.end(), text, 'it is restored')
  return redacted
}

/** Replaces each text between « and » by a placeholder, the same text by the same one. */
function hideMarked(template: string): string {
  const placeholders = new Map<string, string>()
  return expandTemplate(template).replace(/«([^»]*)»/g, (_, secret: string) => {
    const placeholder = placeholders.get(secret) ?? `[[PASSWORD-${placeholders.size + 1}]]`
    placeholders.set(secret, placeholder)
    return placeholder
  })
}

t.test('[SECRET1] in each command the whole secret is hidden, and nothing else', async (t) => {
  for (const [kind, templates] of Object.entries(SECRET_COMMANDS)) {
    for (const template of templates) t.equal(redact(createSecretSample(template).text), hideMarked(template), kind)
  }
})

t.test('[SECRET2] ports, folders and names in commands stay unchanged', async (t) => {
  for (const text of HARMLESS_COMMANDS) t.equal(redact(text), text)
})
