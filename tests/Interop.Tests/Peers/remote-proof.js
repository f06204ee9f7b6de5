'use strict'
// remote-proof.js --blocks N --referrer HEX
// Proofs of version 11 for those who are not connected. Lines on stdin: "prove [INDEX]", "verify HEX [REFERRER HEX]". Prints one JSON
// object per answer.
const fs = require('fs')
const os = require('os')
const path = require('path')
const readline = require('readline')
const Hypercore = require('hypercore')
const remote = require('hypercore/lib/fully-remote-proof.js')

const option = (name) => process.argv[process.argv.indexOf('--' + name) + 1]
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-proof-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const core = new Hypercore(folder)
  await core.append(Array.from({ length: Number(option('blocks')) }, (_, i) => Buffer.from('block-' + i)))
  await core.setUserData('referrer', Buffer.from(option('referrer'), 'hex'))
  print('core', { key: core.key.toString('hex'), length: core.length })

  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const [verb, text, referrer] = line.split(' ')
    if (verb === 'prove') {
      const options = text ? { index: Number(text), block: await core.get(Number(text)) } : {}
      return print('proof', { hex: (await remote.proof(core, options)).toString('hex') })
    }
    const options = { referrer: referrer ? Buffer.from(referrer, 'hex') : null }
    const result = await remote.verify(core.state.storage.store, Buffer.from(text, 'hex'), options).catch(() => null)
    print('verified', result && {
      key: result.key.toString('hex'), length: result.length, newer: result.newer, block: result.block && result.block.value.toString()
    })
  })
}
