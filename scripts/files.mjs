// What the scripts ask of the file system, all paths relative to the root of the project.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Every file below `folder` in a fixed order, with `/` between the parts on every system; none if it does not exist. */
export function filesBelow(folder, within = root) {
  if (!existsSync(join(within, folder))) return []
  return readdirSync(join(within, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      return entry.isDirectory() ? filesBelow(path, within) : [path]
    })
    .sort()
}

/** When the file was last changed, in milliseconds; -Infinity if it does not exist. */
export function changed(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
}
