// Writes specs/schema/*.schema.json from the schemas in src/spec/schema.ts. A test compares them.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { embedSpecs } from './embed-specs.mjs'
import { root } from './files.mjs'

// The schemas offer the names of the shipped specs.
embedSpecs()

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/spec/json-schema.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
})
const { jsonSchemas } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)

const folder = join(root, 'specs/schema')
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join(folder, name), text)
