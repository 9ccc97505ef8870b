// The rooms of src and what each may import: arrows run down only. Every room may import diagnostics.

const rooms = {
  diagnostics: [],
  algebra: [],
  spec: ['algebra'],
  evaluate: ['algebra', 'spec'],
  derive: ['algebra', 'spec', 'evaluate'],
  verify: ['algebra'],
  notation: ['algebra', 'spec', 'derive'],
  texts: ['algebra', 'spec', 'evaluate', 'derive', 'notation'],
  kernel: ['algebra', 'spec', 'derive'],
  check: ['algebra', 'spec', 'evaluate', 'derive', 'kernel'],
  report: ['algebra', 'spec', 'evaluate', 'derive', 'verify', 'notation', 'texts', 'kernel', 'check'],
}

const edge = '^src/(cli/|node[.]ts$|files[.]ts$)'
const known = [...Object.keys(rooms), 'cli', 'playground'].join('|')

const arrows = Object.entries(rooms).map(([room, below]) => ({
  name: `${room}-imports-only-what-is-below`,
  comment: `${room} may import ${['diagnostics', ...below].join(', ')} and nothing else of ours.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, 'diagnostics', ...below].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'verify-shares-only-types-with-the-prover',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: { path: '^src/algebra/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unknown-room',
      comment: 'A new folder of src needs its row in the table of rooms.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${known})/` },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nothing-imports-the-playground',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/playground/' },
      to: { path: '^src/playground/' },
    },
    {
      name: 'node-only-at-the-edge',
      comment: 'Everything but the command, src/node.ts and src/files.ts runs in a browser.',
      severity: 'error',
      from: { path: '^src/', pathNot: edge },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|generated|scripts)/' },
    },
    {
      name: 'src-uses-declared-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/playground/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-circular-imports', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/(browser|bench)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
