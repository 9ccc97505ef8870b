// Checks the imports of src and test against .dependency-cruiser.cjs. A cruiser without a TypeScript compiler that it
// understands finds nothing and is content, so whether it has seen every source is checked as well.

import { createRequire } from 'node:module'
import { cruise, format } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { embedSpecs } from './embed-specs.mjs'
import { filesBelow, root } from './files.mjs'

embedSpecs()
process.chdir(root)

const { options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const { output } = await cruise(
  ['src', 'test'].filter((folder) => filesBelow(folder).length > 0),
  await extractOptions('./.dependency-cruiser.cjs'),
  null,
  { tsConfig: extractTSConfig(options.tsConfig.fileName) },
)

const seen = new Set(output.modules.map((module) => module.source))
const unseen = filesBelow('src').filter((file) => file.endsWith('.ts') && !seen.has(file))
if (unseen.length > 0) console.error(`dependency-cruiser has not read: ${unseen.join(', ')}`)
if (output.summary.totalDependenciesCruised === 0) console.error('dependency-cruiser has found no import at all')

console.log((await format(output, { outputType: 'err' })).output)

const failed = unseen.length > 0 || output.summary.totalDependenciesCruised === 0 || output.summary.error > 0
process.exit(failed ? 1 : 0)
