'use strict'
// Prints the versions of the modules that the tests run against.
const versions = { event: 'versions' }
for (const name of Object.keys(require('./package.json').dependencies)) {
  const path = require('path').join(__dirname, 'node_modules', ...name.split('/'), 'package.json')
  versions[name] = JSON.parse(require('fs').readFileSync(path)).version
}
console.log(JSON.stringify(versions))
