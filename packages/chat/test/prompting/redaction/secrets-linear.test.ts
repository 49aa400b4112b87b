import t from 'tap'
import { SECRET_RULES } from '../../../src/prompting/redaction/rules/index.ts'
import { createSecretSample, expandRecipe } from '../../../testing/recipe.ts'
import { findWorstRatio } from './worst-ratio.ts'

t.test('[SECRET7] each rule takes linear time for repeated beginnings of its own secrets', async (t) => {
  for (const rule of SECRET_RULES) {
    const beginnings = rule.hides.flatMap((recipe) => {
      const { text, secrets } = createSecretSample(recipe)
      const first = text.indexOf(secrets[0] ?? '')
      return [text, text.slice(0, Math.ceil(text.length / 2)), text.slice(0, first + 3), text.slice(0, -1)]
    })
    for (const unit of [...beginnings, ...rule.keywords, ...rule.keeps.map(expandRecipe)]) {
      if (unit === '') continue
      t.equal(findWorstRatio(rule.find, unit), undefined, rule.id)
    }
  }
})
