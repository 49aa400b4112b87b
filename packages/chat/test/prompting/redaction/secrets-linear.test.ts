import t from 'tap'
import { SECRET_RULES } from '../../../src/prompting/redaction/rules/index.ts'
import { createSecretSample, expandRecipe } from '../../../testing/recipe.ts'
import { describeSuperLinear } from './worst-ratio.ts'

t.test('[SECRET7] each rule takes linear time for repeated beginnings of its own secrets', async (t) => {
  for (const rule of SECRET_RULES) {
    const beginnings = rule.hides.flatMap((recipe) => {
      const { text, secrets } = createSecretSample(recipe)
      const secretStart = text.indexOf(secrets[0] ?? '')
      return [text, text.slice(0, Math.ceil(text.length / 2)), text.slice(0, secretStart + 3), text.slice(0, -1)]
    })
    for (const unit of [...beginnings, ...rule.keywords, ...rule.keeps.map(expandRecipe)]) {
      if (unit === '') continue
      t.equal(describeSuperLinear(rule.find, unit), undefined, rule.id)
    }
  }
})
