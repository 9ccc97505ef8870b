// count.mjs <report of vitest> <its exit code>: prints "passed failed". A file that could not be loaded has no tests
// to count and is one failure; so is a run that failed although every test of the report passed.

import { readFileSync } from 'node:fs'

const [file, exitCode] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8'))
const unloaded = report.testResults.filter(
  (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
)
const failed = report.numFailedTests + unloaded.length
console.log(report.numPassedTests, failed === 0 && exitCode !== '0' ? 1 : failed)
