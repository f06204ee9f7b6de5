'use strict'
// bee.js --folder F [--create] [--write N]
// Opens the folder as a Hypercore 10 with a Hyperbee in it, writes if told to, and prints every entry and the tree hash.
const Hypercore = require('hypercore10')
const Hyperbee = require('hyperbee')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const core = new Hypercore(option('folder'), { createIfMissing: process.argv.includes('--create') })
  const bee = new Hyperbee(core, { keyEncoding: 'utf-8', valueEncoding: 'utf-8' })
  await bee.ready()
  const write = Number(option('write') || 0)
  for (let i = 0; i < write; i++) await bee.put('js' + i, 'value-' + i)
  if (write) {
    await bee.del('js0')
    const batch = bee.batch()
    for (let i = 0; i < 20; i++) await batch.put('batch' + i, String(i))
    await batch.flush()
  }
  print('bee', { isBee: await Hyperbee.isHyperbee(core), key: core.key.toString('hex'), version: bee.version, writable: core.writable })
  for await (const entry of bee.createReadStream()) print('entry', entry)
  print('end', { length: core.length, treeHash: (await core.treeHash()).toString('hex') })
  await bee.close()
}
