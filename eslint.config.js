import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const onlyInNode = ['process', 'Buffer', 'global', 'require', 'setImmediate', '__dirname', '__filename']

export default defineConfig(
  globalIgnores(['dist', 'dist.*', 'generated', 'test-results', 'src/spec/shipped.ts', '**/node_modules', 'test/browser']),
  {
    files: ['src/**/*.ts', 'test/**/*.ts', '*.ts'],
    ignores: ['src/playground/**', 'test/bench/**'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          considerDefaultExhaustiveForUnions: false,
          allowDefaultCaseForExhaustiveSwitch: false,
          requireDefaultForNonUnion: false,
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // noUncheckedIndexedAccess asks for `!` in loops over arrays whose bounds are known.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Either is fine: a record of names reads as Record, a table by its key as an index signature.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/dot-notation': 'off',
      'no-eval': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Everything below the edge also runs in a browser; imports of node: are dependency-cruiser's business.
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/node.ts', 'src/files.ts'],
    rules: { 'no-restricted-globals': ['error', ...onlyInNode] },
  },
  {
    // The one place that turns text into running code: kernels that this program has printed itself.
    files: ['src/check/load.ts'],
    rules: { 'no-eval': 'off', '@typescript-eslint/no-implied-eval': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', '.ci/*.mjs', 'test/**/*.mjs', '*.js', '*.cjs'],
    extends: [tseslint.configs.recommended],
    rules: { 'no-eval': 'error', 'no-new-func': 'error' },
  },
)
