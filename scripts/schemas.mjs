// Writes specs/schema/*.schema.json from the schemas in src/spec/schema.ts and src/notation/notation-schema.ts. A test compares them.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { embedSpecs } from './embed-specs.mjs'
import { root } from './files.mjs'

// The schemas offer the names of the shipped specs.
embedSpecs()

const { jsonSchemas } = await loaded('src/spec/json-schema.ts')
const { notationJsonSchemas } = await loaded('src/notation/notation-json-schema.ts')

const folder = join(root, 'specs/schema')
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries({ ...jsonSchemas(), ...notationJsonSchemas() })) writeFileSync(join(folder, name), text)

async function loaded(entry) {
  const { outputFiles } = await build({ absWorkingDir: root, entryPoints: [entry], bundle: true, format: 'esm', platform: 'node', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
